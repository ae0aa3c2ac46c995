using System.Diagnostics;
using System.Runtime.Versioning;

namespace Orchestrator.Host.Tests;

/// <summary>What a shell offers for a word that is being typed.</summary>
[SupportedOSPlatform("linux")]
public sealed class CompletionTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData("run quick", "quickstart")]
    [InlineData("validate seeds/gap-aware/quadratic-dana-g", "seeds/gap-aware/quadratic-dana-ga")]
    [InlineData("run quickstart --set optim", "optimizer.", "optimizer=")]
    [InlineData("run quickstart --set optimizer.type=d", "optimizer.type=dana-zero", "optimizer.type=delayed-nesterov")]
    [InlineData("run quickstart --set optimizer.mo", "optimizer.momentum=")]
    [InlineData("run quickstart --set optimizer.type=adam --set optimizer.beta", "optimizer.beta1=", "optimizer.beta2=")]
    [InlineData("run quickstart --set optimizer.corrections[0].type=gap", "optimizer.corrections[0].type=gap-aware")]
    [InlineData("run quickstart --set clock=", "clock=virtual", "clock=wall")]
    [InlineData("run quickstart --set optimizer.nesterov=t", "optimizer.nesterov=true")]
    [InlineData("run quickstart --set telemetry.end", "telemetry.endpoint=")]
    [InlineData("run no-such-file --set workers.co", "workers.compute.", "workers.compute=", "workers.count=")]
    [InlineData("plugins show dana-z", "dana-zero")]
    [InlineData("data get fashion", "fashion-mnist")]
    public void AWord_GoesOn(string typed, params string[] expected) => Assert.Equal(expected, Offered(typed).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("runs show ")]
    [InlineData("verify ")]
    [InlineData("run --resume ")]
    [InlineData("compare ")]
    public void RunsAreOffered_OfTheFolderThatIsMeant(string typed)
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5");
        var name = Path.GetFileName(run.GetProperty("folder").GetString());
        Assert.Equal([name], Offered(typed + name![..4]));
    }

    [Theory]
    [InlineData("serve ")]
    [InlineData("anatomy ")]
    public void RunsAreNotOffered_WhereTheyAreRefused(string typed)
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5");
        Assert.Empty(Offered(typed + Path.GetFileName(run.GetProperty("folder").GetString())![..4]));
    }

    [Fact]
    public void SweepsAreOffered_WhereTheyAreMeant()
    {
        var sweep = Directory.CreateDirectory(Path.Combine(program.Runs, "momenta", "sweep-0123456789ab"));
        File.WriteAllText(Path.Combine(sweep.FullName, "sweep.json"), "{}");

        Assert.All(["report mom", "compare mom", "analyze mom", "anatomy mom", "sweep status mom"], typed => Assert.Equal(["momenta"], Offered(typed)));
        Assert.Equal(["0123456789ab"], Offered("report 0123"));
    }

    [Theory]
    [InlineData("{", "workers.count=")]
    [InlineData("""{ "optimizer": 5, "workers": [1] }""", "workers.count=")]
    public void ABrokenFile_IsNoReasonToOfferNothing(string text, string expected)
    {
        var file = Path.Combine(program.Folder, "broken.json");
        File.WriteAllText(file, text);
        Assert.Contains(expected, Offered($"run {file} --set workers.c"));
    }

    [Theory]
    [InlineData("optimizer.type=ad", "orchestrator run quickstart --set optimizer.type = ad", "adam")]
    [InlineData(
        "optimizer.type=", "orchestrator run quickstart --set optimizer.type =", "adam dana-zero delayed-nesterov easgd lwp msnag multi-asgd nag-asgd sgd")]
    [InlineData("optimizer.mo", "orchestrator run quickstart --set optimizer.mo", "optimizer.momentum=")]
    public void Bash_OffersWhatItHasNotSplitOff(string typed, string words, string expected)
    {
        // As bash calls it: an equals sign begins a word of its own.
        var line = $"orchestrator run quickstart --set {typed}";
        var script = $$"""
            orchestrator() { "{{program.Program}}" "$@"; }
            compopt() { :; }
            source <(orchestrator completion bash)
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}} COMP_WORDS=({{words}})
            COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _orchestrator
            echo "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true, WorkingDirectory = program.Folder })!;
        Assert.Equal(expected, bash.StandardOutput.ReadToEnd().Trim());
        bash.WaitForExit();
    }

    private IEnumerable<string> Offered(string typed)
    {
        var line = $"orchestrator {typed}";
        using var asked = program.StartWith(new Dictionary<string, string> { ["ORCHESTRATOR_OUTPUT"] = program.Runs }, $"[suggest:{line.Length}]", line);
        var ended = asked.End();
        Assert.Equal(0, ended.ExitCode);
        return ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
