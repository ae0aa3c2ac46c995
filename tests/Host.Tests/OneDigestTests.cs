using System.Runtime.Intrinsics.X86;

namespace Orchestrator.Host.Tests;

/// <summary>
/// One digest, whatever the vectors of the machines: in one process, and among the hosts of a run.
/// </summary>
public sealed class OneDigestTests : IDisposable
{
    private readonly Cli program = new();

    // The widest is this machine's own choice.
    public static TheoryData<string> Narrower => Avx2.IsSupported ? ["avx2", "vector128", "scalar"] : ["vector128", "scalar"];

    public void Dispose() => program.Dispose();

    [Theory]
    [MemberData(nameof(Narrower))]
    public void ARun_HasTheSameDigestWithNarrowerVectors_AndSaysWhichItHad(string vectors)
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 40"));
        var widest = program.RunJson(file, 0);
        using var run = program.StartWith(Forced(vectors), "run", file, "--json", "--quiet", "--output", program.Runs);
        var narrow = Cli.Summary(run.End().Output);

        Assert.Equal(widest.GetProperty("digest").GetString(), narrow.GetProperty("digest").GetString());
        var document = File.ReadAllText(Path.Combine(narrow.GetProperty("folder").GetString()!, "run.json"));
        Assert.Contains($"\"vectors\": \"{vectors}\"", document);
        Assert.Contains("\"kernelPath\": \"managed\"", document);
    }

    [Fact]
    public void AHostWithOtherVectors_JoinsARun_AndTheDigestStays()
    {
        var file = program.Pipeline(Pipelines.Small);
        var (port, token) = (Cli.FreePort(), Path.Combine(program.Folder, "run.token"));
        using var run = program.Start(
            "run", file, "--json", "--quiet", "--output", program.Runs, "--set", "transport.type=tcp", "--listen", $"127.0.0.1:{port}", "--token-file", token);
        run.Until(() => File.Exists(token));
        using var worker = program.StartWith(Forced("vector128"), "worker", "--server", $"127.0.0.1:{port}", "--token-file", token, "--threads", "1");
        var (ended, left) = (run.End(), worker.End());

        Assert.True(ended.ExitCode == 0 && left.ExitCode == 0, $"{ended.ExitCode} {ended.Error}\n{left.ExitCode} {left.Error}{left.Output}");
        Assert.Equal(program.RunJson(file, 0).GetProperty("digest").GetString(), Cli.Summary(ended.Output).GetProperty("digest").GetString());
    }

    [Fact]
    public void ARunOfAnOlderProgram_WithSumsOfItsWidth_IsExplained_AndTheWidestCountsAsThisOne()
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5");
        var folder = run.GetProperty("folder").GetString()!;
        var document = Path.Combine(folder, "run.json");
        var written = File.ReadAllText(document);
        File.WriteAllText(document, written.Replace("\"kernelPath\": \"managed\"", "\"kernelPath\": \"managed/avx512\"", StringComparison.Ordinal));
        var widest = program.Run("verify", folder);
        Assert.True(
            widest.ExitCode == 0 && !(widest.Output + widest.Error).Contains("kernel path", StringComparison.Ordinal),
            $"{widest.ExitCode} {widest.Output}{widest.Error}");

        File.WriteAllText(document, written.Replace("\"kernelPath\": \"managed\"", "\"kernelPath\": \"managed/avx2\"", StringComparison.Ordinal));
        var narrow = program.Run("verify", folder);
        Assert.Contains(
            "the kernel path was managed/avx2 and is managed: the program that recorded it had other sums at each vector width", narrow.Output + narrow.Error);
    }

    private static Dictionary<string, string> Forced(string vectors) => new() { ["ORCHESTRATOR_KERNELS"] = vectors };
}
