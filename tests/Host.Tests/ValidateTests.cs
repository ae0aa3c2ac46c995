using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>What is said of a pipeline before it runs.</summary>
public sealed class ValidateTests : IDisposable
{
    private const string Own = """
        { "dataset": { "type": "csv", "file": "own.csv", "testShare": 0.25 }, "model": "softmax-regression",
          "optimizer": { "type": "sgd", "learningRate": 0.1 },
          "workers": { "count": 1, "compute": { "type": "constant", "ms": 1 } }, "stop": { "updates": 1 } }
        """;

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void ThePipelinesData_IsSaidInALine_AndInTheDocument()
    {
        Write("length,width,label", i => $"{i},{i * i},{(i % 2 == 0 ? "setosa" : "virginica")}");
        var ended = program.Run("validate", program.Pipeline(Own), "--data", program.Folder);
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains("\nData: samples of [2], 225 for training and 75 for testing, 2 classes: setosa, virginica.\n", ended.Error, StringComparison.Ordinal);

        var data = JsonDocument.Parse(program.Run("validate", program.Pipeline(Own), "--data", program.Folder, "--json").Output).RootElement.GetProperty("data");
        Assert.Equal("""{"input":[2],"train":225,"test":75,"classes":["setosa","virginica"],"values":0,"groups":0}""", data.GetRawText());
    }

    [Fact]
    public void ASweepsData_AreSaidOncePerShape()
    {
        Write("length,width,label", i => $"{i},{i * i},{i % 3}");
        string[] axes = ["--axis", "dataset.testShare=0.1,0.25", "--axis", "optimizer.learningRate=0.1,0.2"];
        var ended = program.Run(["validate", program.Pipeline(Own), "--data", program.Folder, .. axes]);
        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Equal(
            ["Data: samples of [2], 270 for training and 30 for testing, 3 classes: 0, 1, 2.", "Data: samples of [2], 225 for training and 75 for testing, 3 classes: 0, 1, 2."],
            ended.Error.Split('\n').Where(line => line.StartsWith("Data: ", StringComparison.Ordinal)));
        var json = JsonDocument.Parse(program.Run(["validate", program.Pipeline(Own), "--data", program.Folder, "--json", .. axes]).Output).RootElement;
        Assert.Equal([270, 225], json.GetProperty("data").EnumerateArray().Select(data => data.GetProperty("train").GetInt32()));
    }

    [Fact]
    public void AColumnOfWords_IsRefused()
    {
        Write("user,width,label", i => $"u{i},{i * i},{i % 3}");
        var ended = program.Run("validate", program.Pipeline(Own), "--data", program.Folder);
        Assert.Equal(64, ended.ExitCode);
        Assert.Contains("line 2: column 'user': 'u0' is no finite number", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameOfSeveralLines_StaysInTheLine()
    {
        Write("width,label", i => $"{i},{(i % 2 == 0 ? "a" : "\"two\nlines\"")}");
        var error = program.Run("validate", program.Pipeline(Own), "--data", program.Folder).Error;
        Assert.Matches("(?m)^Data: .*, 2 classes: a, two.*lines\\.$", error);
    }

    private void Write(string header, Func<int, string> row) =>
        File.WriteAllText(Path.Combine(program.Folder, "own.csv"), $"{header}\n{string.Concat(Enumerable.Range(0, 300).Select(i => row(i) + "\n"))}");
}
