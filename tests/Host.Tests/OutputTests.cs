using System.Runtime.InteropServices;

namespace Orchestrator.Host.Tests;

/// <summary>Standard output and standard error that cannot be written.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly Cli program = new();

    [Theory]
    [InlineData("run", "--json")]
    [InlineData("run", "--quiet")]
    [InlineData("validate", null)]
    [InlineData("runs list --json", null)]
    [InlineData("schema", null)]
    [InlineData("--help", null)]
    public void AFullOutput_IsASentenceAndAFailure_AndTheRunIsWhole(string command, string? option)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "skipped: /dev/full is of Linux");
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 2"));
        string[] arguments = [.. command.Split(' '), .. command is "run" or "validate" ? new[] { file } : [], .. option is null ? [] : new[] { option }];
        using var process = program.StartShell(new Dictionary<string, string>(), "exec \"$0\" \"$@\" > /dev/full", arguments);
        var ended = process.End();

        Assert.True(ended.ExitCode == 1, $"{ended.ExitCode}\n{ended.Error}");
        Assert.Contains("error: standard output: cannot be written: No space left on device", ended.Error);
        Assert.DoesNotContain("   at ", ended.Error);
        if (command == "run")
        {
            Assert.Contains(
                "\"status\": \"completed\"",
                File.ReadAllText(Directory.GetFiles(Path.Combine(program.Folder, "runs"), "run.json", SearchOption.AllDirectories).Single()));
        }
    }

    [Theory]
    [InlineData("2> /dev/full")]
    [InlineData("2>&-")]
    public void MessagesThatCannotBeWritten_HarmNothing(string redirection)
    {
        Assert.SkipWhen(RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "skipped: the shell is of Unix");
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 2"));
        using var process = program.StartShell(
            new Dictionary<string, string>(), $"exec \"$0\" \"$@\" {redirection}", "run", file, "--json", "--metrics-port", "0");

        var ended = process.End();
        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("completed", Cli.Summary(ended.Output).GetProperty("status").GetString());
    }

    public void Dispose() => program.Dispose();
}
