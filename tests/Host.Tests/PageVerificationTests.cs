using System.Text.Json;
using System.Text.RegularExpressions;

namespace Orchestrator.Host.Tests;

/// <summary>A report is enough to run a run again and to compare every number.</summary>
public sealed class PageVerificationTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void AReport_IsRunAgain_AndAChangedNumberIsFound()
    {
        var page = PageOf(program.RunJson(program.Pipeline(Pipelines.Small), 0));
        var verified = Verify(page, 0);
        Assert.Equal("exact", verified.GetProperty("verdict").GetString());
        Assert.InRange(verified.GetProperty("numbers").GetInt64(), 1_000, 1_000_000);

        var text = File.ReadAllText(page);
        var changed = Path.Combine(program.Folder, "changed.html");
        var loss = text.IndexOf("\"testLoss\":", text.IndexOf("\"evaluations\":", StringComparison.Ordinal), StringComparison.Ordinal);
        var digit = text.IndexOfAny([.. "123456789"], loss);
        File.WriteAllText(changed, text[..digit] + (text[digit] == '9' ? '8' : '9') + text[(digit + 1)..]);
        verified = Verify(changed, 1);
        Assert.Equal("different", verified.GetProperty("verdict").GetString());
        Assert.StartsWith("evaluations.", verified.GetProperty("difference").GetProperty("place").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void APageThatCannotBeRunAgain_IsOneSentence()
    {
        var wall = PageOf(program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "clock=wall", "--set", "stop.updates=5"));
        Refused(wall, "the run was on the wall clock");
        var text = File.ReadAllText(PageOf(program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5")));
        Refused(Written(Regex.Replace(text, @"(count\\u0022: ?)6", "${1}5")), "the pipeline in the page is not that of its run");
        Refused(Written("<html></html>"), "no report of a run");
        Refused(Written("<script type=\"application/json\" id=\"data\">{\"run\":{}}</script>"), "no report of a run that can be run again");
        Refused(Written("<script type=\"application/json\" id=\"data\">{"), "no report of a run");
        Refused(Path.Combine(program.Folder, "absent.html"), "absent.html");
    }

    [Fact]
    public void APageWhoseRunReadAFileThatHoldsSomethingElse_SaysNothingCertain()
    {
        var start = Path.Combine(program.Folder, "start.safetensors");
        File.Copy(ParametersAfter(4), start);
        var page = PageOf(program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=5", "--set", $"initial.from={start}"));
        Assert.Equal("exact", Verify(page, 0).GetProperty("verdict").GetString());
        File.Copy(ParametersAfter(6), start, overwrite: true);

        var ended = program.Run("verify", page, "--quiet");
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("where a file that the pipeline names holds something else", ended.Error, StringComparison.Ordinal);

        string ParametersAfter(int updates) => Path.Combine(
            program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", $"stop.updates={updates}").GetProperty("folder").GetString()!, "parameters.safetensors");
    }

    private static string PageOf(JsonElement summary) => Path.Combine(summary.GetProperty("folder").GetString()!, "report.html");

    private string Written(string text)
    {
        var page = Path.Combine(program.Folder, "page.html");
        File.WriteAllText(page, text);
        return page;
    }

    private JsonElement Verify(string page, int expected)
    {
        var ended = program.Run("verify", page, "--json", "--quiet");
        Assert.True(ended.ExitCode == expected, $"{ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return Cli.Summary(ended.Output);
    }

    private void Refused(string page, string expected)
    {
        var ended = program.Run("verify", page, "--quiet");
        Assert.True(ended.ExitCode == 64 && ended.Error.Contains(expected, StringComparison.Ordinal), $"{ended.ExitCode}\n{ended.Output}\n{ended.Error}");
    }
}
