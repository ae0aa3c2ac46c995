using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>What <c>vectors</c> writes is what runs do, and what other programs compute.</summary>
public sealed class VectorsTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void TheSameBytes_ComeTwice_AndAreThoseOfOrdinaryRuns()
    {
        var (first, second) = (Vectors("first"), Vectors("second"));
        var files = Directory.EnumerateFiles(first).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(83, files.Count);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(first, file)), File.ReadAllBytes(Path.Combine(second, file))));
        foreach (var name in new[] { "heavy-ball-constant", "dana-zero-gap-aware-steps", "easgd-steps" })
        {
            using var vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(first, name + ".json")));
            var run = program.RunJson(program.Pipeline(vectors.RootElement.GetProperty("pipeline").GetRawText(), name + ".json"), 0, "--no-report");

            Assert.Equal(vectors.RootElement.GetProperty("digest").GetString(), run.GetProperty("digest").GetString());
            Assert.Equal(201, vectors.RootElement.GetProperty("parameters").GetArrayLength());
        }
    }

    [Theory]
    [InlineData("vectors.json")]
    [InlineData("atlas.json")]
    public void EveryRuleOfTheServer_IsInThePipeline(string pipeline)
    {
        var text = File.ReadAllText(Cli.Shipped(pipeline));
        using var plugins = JsonDocument.Parse(program.Run("plugins", "list", "--json").Output);
        var rules = plugins.RootElement.GetProperty("plugins").EnumerateArray()
            .Where(plugin => plugin.GetProperty("kind").GetString() is "optimizer" or "correction").ToList();

        Assert.Equal(15, rules.Count);
        Assert.All(rules, rule => Assert.Contains($"\"{rule.GetProperty("name").GetString()}\"", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("numpy", 40, "return g / (tau + 1)", "return g / (tau + 2)")]
    [InlineData("torch", 18, "g = g / (tau + 1)", "g = g / (tau + 2)")]
    public void ItsChecker_FindsEveryRuleRight_AndAWrongOneWrong(string library, int trajectories, string right, string wrong)
    {
        Assert.SkipUnless(File.Exists(Python) && Run("-c", $"import numpy, {library}").Code == 0, $"skipped: {Python} has no {library}");
        var folder = Vectors("vectors");
        var checker = Path.Combine(folder, $"check_{library}.py");
        var (code, output) = Run(checker, folder);
        Assert.True(code == 0, output);
        Assert.Equal(trajectories, output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)));

        var text = File.ReadAllText(checker);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(checker, text.Replace(right, wrong, StringComparison.Ordinal));
        (code, output) = Run(checker, folder);
        Assert.Equal(1, code);
        var mistaken = output.Split('\n').Where(line => line.StartsWith("WRONG", StringComparison.Ordinal));
        Assert.Equal(["staleness-aware-constant", "staleness-aware-steps"], mistaken.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
    }

    private string Vectors(string name)
    {
        var folder = Path.Combine(program.Folder, name);
        var ended = program.Run("vectors", folder);
        Assert.True(ended.ExitCode == 0, ended.Error);
        return folder;
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        if (!python.WaitForExit(Patience))
        {
            python.Kill();
            Assert.Fail($"{string.Join(' ', arguments)} did not end within {Patience.TotalSeconds} s.");
        }

        return (python.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
    }
}
