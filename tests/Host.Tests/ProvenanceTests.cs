using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orchestrator.Host.Tests;

/// <summary>
/// A run says which files made it, and whoever goes on with it, repeats it or joins it with others
/// is told.
/// </summary>
public sealed class ProvenanceTests : IDisposable
{
    private const string WithProbe = "workers.delay=library-version";

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void A_run_names_every_plugin_it_used_and_the_programs_assemblies()
    {
        var document = Document(Run(First));
        var run = document.GetProperty("run");
        var plugins = run.GetProperty("plugins").EnumerateArray().ToList();
        Assert.Equal(
            [
                "dataset glyphs", "model lenet5", "partitioner split-dataset", "optimizer sgd", "consistency asynchronous", "transport in-process",
                "delay gamma", "delay library-version"],
            plugins.Select(p => $"{p.GetProperty("kind").GetString()} {p.GetProperty("name").GetString()}"));
        var probe = plugins[^1];
        Assert.Equal("Orchestrator.NeedsLibrary1", probe.GetProperty("assembly").GetString());
        Assert.Equal("0.1.0.0", probe.GetProperty("version").GetString());
        Assert.All(plugins.Concat(run.GetProperty("program").EnumerateArray()), part =>
        {
            Assert.Matches("^[0-9a-f]{64}$", part.GetProperty("files").GetString());
            Assert.Matches("^[0-9a-f]{64}$", part.GetProperty("code").GetString());
        });
        Assert.Contains(run.GetProperty("program").EnumerateArray(), part => part.GetProperty("assembly").GetString() == "Orchestrator.Engine");
    }

    [Fact]
    public void Every_assembly_of_the_program_is_hashed_or_makes_no_result()
    {
        // What records, shows, plans or watches runs.
        string[] others = ["Data", "Live", "Observation", "Reports", "RunFolders", "Statistics", "Sweeps", "Telemetry", "Testing"];
        var hashed = Document(Run(First)).GetProperty("run").GetProperty("program").EnumerateArray().Select(part => part.GetProperty("assembly").GetString()!)
            .ToList();
        var present = Directory.EnumerateFiles(Path.GetDirectoryName(program.Program)!, "Orchestrator.*.dll").Select(f => Path.GetFileNameWithoutExtension(f));
        Assert.Empty(present.Except(hashed).Except(others.Select(name => $"Orchestrator.{name}")));

        // What results are made of calls nothing of it; statistics do.
        Assert.DoesNotContain("MathNet.Numerics", hashed);
    }

    [Fact]
    public void Two_runs_of_the_same_plugins_say_the_same() =>
        Assert.Equal(
            Document(Run(First)).GetProperty("run").GetProperty("plugins").GetRawText(),
            Document(Run(First)).GetProperty("run").GetProperty("plugins").GetRawText());

    [Theory]
    [InlineData("virtual", "differs at")]
    [InlineData("wall", "final parameters, summary, digest")]
    public void A_replay_with_a_changed_plugin_names_it_and_is_inconclusive(string clock, string found)
    {
        // On the wall clock the delays' times are in the record, so every bit is the same; what was
        // asked is still another experiment.
        var run = Run(First, "--set", $"clock={clock}");
        var replay = program.Run("verify", Folder(run), "--quiet", "--plugins", Second);
        Assert.Equal(2, replay.ExitCode);
        Assert.Matches(
            @"the delay 'library-version' of Orchestrator\.NeedsLibrary1 was 0\.1\.0\.0 \([0-9a-f]{12}\) and is 0\.1\.0\.0 \([0-9a-f]{12}\)", replay.Error);
        Assert.Contains("inconclusive", replay.Output, StringComparison.Ordinal);
        Assert.Contains(found, replay.Output, StringComparison.Ordinal);
        Assert.Equal(0, program.Run("verify", Folder(run), "--quiet", "--plugins", First).ExitCode);
    }

    [Fact]
    public void A_single_byte_more_is_a_change()
    {
        var run = Run(First);
        var copy = Directory.CreateDirectory(Path.Combine(program.Folder, "plugins")).FullName;
        foreach (var file in Directory.EnumerateFiles(First))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        Assert.Equal(0, program.Run("verify", Folder(run), "--quiet", "--plugins", copy).ExitCode);
        File.AppendAllText(Path.Combine(copy, "Fixture.Library.dll"), " ");
        var replay = program.Run("verify", Folder(run), "--quiet", "--plugins", copy);
        Assert.Equal(2, replay.ExitCode);
        Assert.Contains("the delay 'library-version'", replay.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_not_gone_on_with_by_a_changed_plugin()
    {
        var file = program.Pipeline(Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 4000"));
        using (var run = program.Start("run", file, "--quiet", "--output", program.Runs, "--checkpoint-updates", "10", "--set", WithProbe, "--plugins", First))
        {
            run.Until(() => Directory.Exists(program.Runs) && Directory.EnumerateFiles(program.Runs, "*.checkpoint", SearchOption.AllDirectories).Any());
            run.Signal(9);
            run.End();
        }

        var folder = Directory.GetDirectories(Path.Combine(program.Runs, "small")).Single();
        var resumed = program.Run("run", "--resume", folder, "--quiet", "--plugins", Second);
        Assert.Equal(64, resumed.ExitCode);
        Assert.Contains(
            "going on would not give the same result: the delay 'library-version' of Orchestrator.NeedsLibrary1 was", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(0, program.Run("run", "--resume", folder, "--quiet", "--plugins", First).ExitCode);
    }

    [Fact]
    public void A_worker_host_with_a_changed_plugin_is_refused_by_its_name()
    {
        var (port, token) = (Cli.FreePort(), Path.Combine(program.Folder, "token"));
        var file = program.Pipeline(Pipelines.Small);
        using var server = program.Start(
            "run", file, "--quiet", "--output", program.Runs, "--set", "transport.type=tcp", "--set", WithProbe, "--listen", $"127.0.0.1:{port}",
            "--token-file", token, "--plugins", First);
        server.Until(() => File.Exists(token));
        var refused = program.Run("worker", "--server", $"127.0.0.1:{port}", "--token-file", token, "--plugins", Second);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("delay 'library-version'", refused.Error, StringComparison.Ordinal);
        var joined = program.Run("worker", "--server", $"127.0.0.1:{port}", "--token-file", token, "--plugins", First);
        Assert.True(joined.ExitCode == 0, joined.Error);
        Assert.Equal(0, server.End().ExitCode);
    }

    [Fact]
    public void Another_program_is_named_by_the_assembly_that_is_another()
    {
        var run = Run(First);
        Rewrite(run, "program", part => part["assembly"]!.GetValue<string>() == "Orchestrator.Engine");
        var replay = program.Run("verify", Folder(run), "--quiet", "--plugins", First);
        Assert.Equal(0, replay.ExitCode);
        Assert.Contains("the program's Orchestrator.Engine was 0.1.0.0 (00ff) and is 0.1.0.0 (", replay.Error, StringComparison.Ordinal);
        var counterfactual = program.Run("replay", Folder(run), "--quiet", "--plugins", First, "--set", "optimizer.momentum=0", "--output", program.Runs);
        Assert.Contains("the program's Orchestrator.Engine was", counterfactual.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_before_runs_said_so_is_replayed_with_a_note()
    {
        var run = Run(First);
        var file = Path.Combine(Folder(run), "run.json");
        var document = JsonNode.Parse(File.ReadAllText(file))!;
        document["run"]!.AsObject().Remove("plugins");
        document["run"]!.AsObject().Remove("program");
        File.WriteAllText(file, document.ToJsonString());
        var replay = program.Run("verify", Folder(run), "--quiet", "--plugins", First);
        Assert.Equal(0, replay.ExitCode);
        Assert.Contains("program and plugins are not compared", replay.Error, StringComparison.Ordinal);
    }

    private static string First => Path.Combine(AppContext.BaseDirectory, "fixtures", "NeedsLibrary1");

    private static string Second => Path.Combine(AppContext.BaseDirectory, "fixtures", "NeedsLibrary2");

    private JsonElement Run(string plugins, params string[] more) =>
        program.RunJson(program.Pipeline(Pipelines.Small), 0, ["--set", WithProbe, "--plugins", plugins, .. more]);

    private static string Folder(JsonElement run) => run.GetProperty("folder").GetString()!;

    private static JsonElement Document(JsonElement run) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(run), "run.json"))).RootElement;

    private static void Rewrite(JsonElement run, string list, Func<JsonNode, bool> which)
    {
        var file = Path.Combine(Folder(run), "run.json");
        var document = JsonNode.Parse(File.ReadAllText(file))!;
        var part = document["run"]![list]!.AsArray().First(p => which(p!))!;
        (part["files"], part["code"]) = ("00ff", "00ff");
        File.WriteAllText(file, document.ToJsonString());
    }
}
