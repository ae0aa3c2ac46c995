using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Host.Tests;

/// <summary><c>runs list</c> tells runs apart.</summary>
public sealed class RunListTests : IDisposable
{
    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void Runs_AreToldApart_BySeedRuleStatusAndWhatDiffers()
    {
        var file = program.Pipeline(Pipelines.Small);
        string[][] variants = [[], ["--set", "seed=7"], ["--set", "workers.count=2"], ["--set", "optimizer.type=adam", "--set", "optimizer.learningRate=0.5"]];
        var ids = variants.Select(sets => program.RunJson(file, 0, ["--set", "stop.updates=150", .. sets])).Select(s => $"{s.GetProperty("id").GetString()}-1")
            .ToList();
        var lines = program.Run("runs", "list", "--output", program.Runs).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(5, lines.Length);
        Assert.StartsWith("name", lines[0]);
        Assert.Equal(ids, lines.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.Equal(["1", "7", "1", "1"], lines.Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4]));
        Assert.EndsWith("learningRate=0.01, workers.count=2", lines[3]);
        Assert.Contains("  adam  ", lines[4]);
        Assert.Contains("  NC  ", lines[4]);
        Assert.EndsWith("learningRate=0.5, workers.count=6", lines[4]);
        Assert.DoesNotContain("momentum", lines[4]);

        var best = program.Run("runs", "list", "--output", program.Runs, "--sort", "accuracy", "--limit", "2");
        Assert.Contains("The last 2 of 4 runs", best.Error);
        Assert.DoesNotContain("adam", best.Output);
        Assert.Equal(2, JsonDocument.Parse(program.Run("runs", "list", "--output", program.Runs, "--json", "-n", "2").Output).RootElement.GetArrayLength());
        Fits80(ids);
    }

    [Fact]
    public void OfThousandsOfRuns_TheNewestAreListed()
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=6");
        var json = File.ReadAllText(Path.Combine(run.GetProperty("folder").GetString()!, "run.json"));
        for (var i = 0; i < 2_000; i++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(program.Runs, $"n{i % 20}", $"{i:x12}-1")).FullName;
            File.WriteAllText(Path.Combine(folder, "run.json"), json);
        }

        Assert.Equal(101, program.Run("runs", "list", "--output", program.Runs).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void ARunOfAnEarlierProgram_WithoutNotes_IsListedAndShown()
    {
        var run = program.RunJson(program.Pipeline(Pipelines.Small), 0, "--set", "stop.updates=6");
        var file = Path.Combine(run.GetProperty("folder").GetString()!, "run.json");
        var document = JsonNode.Parse(File.ReadAllText(file))!;
        document["summary"]!.AsObject().Remove("notes");
        File.WriteAllText(file, document.ToJsonString());
        foreach (var arguments in new string[][] { ["runs", "list", "--json"], ["runs", "list"], ["runs", "show", run.GetProperty("id").GetString()!],
                ["runs", "show", run.GetProperty("id").GetString()!, "--json"] })
        {
            Assert.Equal(0, program.Run([.. arguments, "--output", program.Runs]).ExitCode);
        }
    }

    // On a terminal, which `script` imitates.
    private void Fits80(List<string> ids)
    {
        if (!File.Exists("/usr/bin/script"))
        {
            return;
        }

        using var terminal = Process.Start(new ProcessStartInfo("/usr/bin/script", ["-qec", $"stty cols 80; '{program.Program}' runs list --output "
            + $"'{program.Runs}'", "/dev/null"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            Environment = { ["TERM"] = "dumb", ["NO_COLOR"] = "1" },
        })!;
        terminal.StandardInput.Close();
        var shown = terminal.StandardOutput.ReadToEnd().Replace("\r", "", StringComparison.Ordinal);
        Assert.All(shown.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Assert.All(ids, id => Assert.Contains("\n" + id + "  ", shown));
    }
}
