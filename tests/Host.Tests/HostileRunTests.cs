using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace Orchestrator.Host.Tests;

/// <summary>
/// Run folders that somebody else made: a message and an exit code, never a crash, a wait or all
/// the memory.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class HostileRunTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void FilesThatAreNone_EndTheReplayWithAMessage()
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "clock=wall", "--set", "stop.updates=6");
        var folder = run.GetProperty("folder").GetString()!;
        var updates = Path.Combine(folder, "updates.csv");
        var rows = File.ReadAllText(updates);

        File.Delete(updates);
        Process.Start("mkfifo", updates).WaitForExit();
        Differs(folder, "is a pipe or a device");
        Refused("is a pipe or a device", "replay", folder, "--set", "optimizer.momentum=0");
        Refused("is a pipe or a device", "run", Path.Combine(program.Folder, "test.json"), "--set", "clock=wall", "--set", $"schedule={folder}");
        File.Delete(updates);
        Differs(folder, "cannot be read");
        File.WriteAllText(updates, rows + new string('9', 2 << 20));
        Differs(folder, "a line of more than");
        File.WriteAllText(updates, rows + "9223372036854775807,0,2147483647,0,0,16,applied,0,0,0,0,9223372036854775807,0,0,0,0,0,0,0,0\n");
        Differs(folder, "updates.csv:8: event 9223372036854775807");
        Refused("worker 2147483647 does not exist", "replay", folder, "--set", "optimizer.momentum=0");
        File.WriteAllText(updates, rows);

        var document = Path.Combine(folder, "run.json");
        var text = File.ReadAllText(document);
        File.WriteAllText(document, text.Replace("\"workers\": 6", "\"workers\": 2147483647", StringComparison.Ordinal));
        Assert.Equal(0, program.Run("replay", folder, "--set", "optimizer.momentum=0", "--quiet", "--output", program.Runs).ExitCode);
        File.WriteAllText(document, text);

        using (var parameters = new FileStream(Path.Combine(folder, "parameters.safetensors"), FileMode.Open))
        {
            parameters.SetLength(40L << 30);
        }

        Differs(folder, "parameters.safetensors");
    }

    [Fact]
    public void WhatARunFolderClaims_IsShown_AndCommandsNoTerminal()
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=6");
        var folder = run.GetProperty("folder").GetString()!;
        var document = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "run.json")))!;
        const string Nasty = "[red]\u001b[2J\u009b31m\u202eexe.\u2066\nerror: forged[/";
        (document["name"], document["id"], document["digest"]) = (Nasty, Nasty, Nasty);
        var summary = document["summary"]!;
        (summary["name"], summary["id"], summary["message"], summary["digest"], summary["schedule"]) = (Nasty, Nasty, Nasty, Nasty, Nasty);
        (summary["wallSeconds"], summary["virtualSeconds"], summary["updates"]) = (1e12, 1e300, long.MaxValue);
        (summary["updatesPerSecond"], summary["testLoss"], summary["testAccuracy"]) = (-1e300, 1e300, -1e300);
        summary["staleness"] = JsonNode.Parse("""{ "mean": 1e300, "p50": -1e300, "p99": 1e12, "max": -1 }""");
        File.WriteAllText(Path.Combine(folder, "run.json"), document.ToJsonString());
        var evil = Directory.CreateDirectory(Path.Combine(program.Runs, "n\u001b[31m\u202e", "abc-1")).FullName;
        File.WriteAllText(Path.Combine(evil, "run.json"), "{");

        foreach (var arguments in new string[][] { ["runs", "list"], ["runs", "list", "--json"], ["runs", "show", folder], ["runs", "show", folder, "--json"],
                ["verify", folder], ["run", "--resume", folder] })
        {
            var ended = program.Run([.. arguments, "--output", program.Runs]);
            Assert.DoesNotContain("Unhandled exception", ended.Error);
            Assert.DoesNotContain("   at ", ended.Error);
            Assert.InRange(ended.Output.Length, 0, 20_000);
            Assert.DoesNotContain(
                ended.Output + ended.Error, c => (char.IsControl(c) && c != '\n') || c is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069');
            Assert.DoesNotContain("\nerror: forged", ended.Output + ended.Error);
        }

        Assert.Contains("[red]", program.Run("runs", "show", folder).Output);
    }

    [Fact]
    public void AKilledCounterfactual_GoesOnToTheSameDigest()
    {
        // Long enough to be interrupted, also where this process has to wait for a core.
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "clock=wall", "--set", "stop.updates=1200");
        var folder = run.GetProperty("folder").GetString()!;
        string[] replay = ["replay", folder, "--set", "optimizer.type=dana-zero", "--output", program.Runs, "--quiet", "--json"];
        var whole = Cli.Summary(program.Run(replay).Output).GetProperty("summary");
        var own = Path.Combine(Path.GetDirectoryName(folder)!, whole.GetProperty("id").GetString() + "-2");
        using (var killed = program.Start(replay))
        {
            killed.Until(() => File.Exists(Path.Combine(own, "updates.csv")) && new FileInfo(Path.Combine(own, "updates.csv")).Length > 4_000);
            killed.Signal(2);
            Assert.Equal(130, killed.End().ExitCode);
        }

        var resumed = program.Run("run", "--resume", own, "--json", "--quiet");

        Assert.True(resumed.ExitCode == 0, $"{resumed.ExitCode}: {resumed.Error}\n{resumed.Output}");
        Assert.Equal(whole.GetProperty("digest").GetString(), Cli.Summary(resumed.Output).GetProperty("digest").GetString());
    }

    private void Differs(string folder, string expected)
    {
        var ended = program.Run("verify", folder, "--quiet");
        Assert.True(
            ended.ExitCode == 1 && ended.Output.Contains(expected, StringComparison.Ordinal), $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
    }

    private void Refused(string expected, params string[] arguments)
    {
        var ended = program.Run([.. arguments, "--quiet", "--output", program.Runs]);
        Assert.True(
            ended.ExitCode == 64 && ended.Error.Contains(expected, StringComparison.Ordinal), $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
    }
}
