using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.Models.TorchSharp.Tests;

/// <summary>
/// Models that Debian's PyTorch wrote, beside what PyTorch computed with them. <c>scripts.py</c>
/// writes both into the folder that ORCHESTRATOR_TORCH_SCRIPTS names.
/// </summary>
public sealed class TorchScriptTests
{
    private static readonly DatasetShape Data = Torch.Images(1, 28, 28);

    // One PyTorch or several, each with its six models.
    public static TheoryData<string, string, ClassLoss> Scripts
    {
        get
        {
            var scripts = new TheoryData<string, string, ClassLoss>();
            foreach (var version in PyTorch.Versions)
            {
                scripts.Add(version, "scripted", ClassLoss.CrossEntropy);
                scripts.Add(version, "traced", ClassLoss.CrossEntropy);
                scripts.Add(version, "dropout", ClassLoss.Nll);
                scripts.Add(version, "norm", ClassLoss.CrossEntropy);
                scripts.Add(version, "values", ClassLoss.Mse);
                scripts.Add(version, "partial", ClassLoss.CrossEntropy);
            }

            return scripts;
        }
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_GivesTheLossesAndGradientsOfPyTorch(string version, string name, ClassLoss loss)
    {
        var expected = Expected(version, name);
        var data = name == "values" ? new DatasetShape([1, 28, 28], [], 100, 100) { Values = 3 } : Data;
        var objective = Build(version, name, loss, data);
        var (parameters, buffers) = (new float[objective.Layout.Length], new float[objective.Layout.BufferLength]);
        objective.Initialize(Torch.Dropout(), parameters, buffers);
        using var replica = objective.CreateReplica(16);
        var (gradient, pushed, predictions) = (new float[parameters.Length], new float[buffers.Length], new int[16]);
        var batch = data.Values > 0 ? new Batch(PythonInputs(), [], 16, PythonValues()) : new Batch(PythonInputs(), Torch.Labels(16), 16);

        // Scripts are compiled on the way; what the compiler makes of them must give the same.
        var value = 0.0;
        for (var i = 0; i < 5; i++)
        {
            replica.Evaluate(new float[parameters.Length], buffers, batch, predictions);
            value = replica.Gradient(parameters, buffers, batch, new FixedSeed(5), gradient, pushed);
        }

        var tested = replica.Evaluate(parameters, pushed, batch, predictions);

        Assert.Equal(expected.Names, objective.Layout.Parameters.Select(p => p.Name));
        Assert.Equal(expected.Loss, value, 1e-5);
        Assert.InRange(Torch.RelativeError(expected.Gradient, gradient), 0, 1e-5);
        Assert.InRange(Torch.RelativeError(expected.Buffers, pushed), 0, 1e-5);
        Assert.Equal(expected.Tested, tested, 1e-3);
    }

    [Theory]
    [InlineData("dropout", ClassLoss.Nll)]
    [InlineData("norm", ClassLoss.CrossEntropy)]
    public void Script_OnFourThreads_HasTheSameBits(string name, ClassLoss loss)
    {
        _ = Expected(PyTorch.Versions[0], name);
        var objective = Build(PyTorch.Versions[0], name, loss, Data);
        var expected = Torch.Differentiate(objective, Data, 16);

        var results = new Result[4];
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() => results[i] = Torch.Differentiate(objective, Data, 16))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.All(results, result => Assert.Equal(expected.Gradient, result.Gradient));
        Assert.All(results, result => Assert.Equal(expected.Pushed, result.Pushed));
    }

    [Fact]
    public void Script_ForOtherData_IsRefusedWithBothShapes()
    {
        _ = Expected(PyTorch.Versions[0], "scripted");

        var refused = Assert.Throws<OptionException>(() => Build(PyTorch.Versions[0], "scripted", ClassLoss.CrossEntropy, Torch.Images(3, 32, 32)));

        Assert.Contains("does not take samples of shape [3, 32, 32]", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void File_ThatIsNoScript_IsRefusedInOneSentence()
    {
        Torch.Require();
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "not a script");

        var refused = Assert.Throws<OptionException>(() => new TorchScript(new TorchScriptOptions(file)).Build(Data));

        File.Delete(file);
        Assert.Equal("file", refused.Option);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static IObjective Build(string version, string name, ClassLoss loss, DatasetShape data) =>
        new TorchScript(new TorchScriptOptions(PyTorch.Script(version, name), loss)).Build(data);

    private static float[] PythonValues() => [.. Enumerable.Range(0, 48).Select(i => ((i % 7) - 3) / 2f)];

    private static float[] PythonInputs()
    {
        // torch.linspace(-1, 1, n).sin(), computed from both ends as PyTorch does.
        const int Count = 16 * 784;
        const float Step = 2f / (Count - 1);
        return [.. Enumerable.Range(0, Count).Select(i => MathF.Sin(i < Count / 2 ? -1 + (Step * i) : 1 - (Step * (Count - 1 - i))))];
    }

    private static PythonResult Expected(string version, string name)
    {
        PyTorch.Require(version);
        using var file = File.OpenRead(Path.Combine(PyTorch.Folder!, version, "results.json"));
        return JsonDocument.Parse(file).RootElement.GetProperty("results").EnumerateArray()
            .Select(e => e.Deserialize<PythonResult>(JsonSerializerOptions.Web)!).Single(e => e.Name == name);
    }

    private sealed record PythonResult(string Name, double Loss, double Tested, string[] Names, float[] Gradient, float[] Buffers);

    // The seed that scripts.py gave to PyTorch's generator.
    private sealed class FixedSeed(long seed) : Random
    {
        public override long NextInt64() => seed;
    }
}
