using System.Diagnostics;
using System.Text.Json.Nodes;
using Orchestrator.Host.Tests;
using Orchestrator.RunFolders;

namespace Orchestrator.Sweeps.Tests;

/// <summary>What stands in the way of a sweep: it ends, and says why.</summary>
public sealed class SweepTroubleTests : IDisposable
{
    private const string Momenta = "\"optimizer.momentum\": [0, 0.3, 0.5, 0.9]";
    private const string Halving = "\"search\": { \"type\": \"successive-halving\", \"epochs\": [0.2, 0.4], \"keep\": 2 }";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public void Marks_of_runs_whose_folders_are_gone_are_run_again()
    {
        Ok("run", Pipeline($$"""{ "axes": { {{Momenta}} } }"""));
        foreach (var folder in Directory.GetDirectories(Path.Combine(program.Runs, "small"), "*-1"))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.Delete(Results, recursive: true);
        var halved = Ok("run", Pipeline($$"""{ "axes": { {{Momenta}} }, {{Halving}} }"""));

        Assert.Contains("was done, and is run again: its folder small/", halved.Error, StringComparison.Ordinal);
        Assert.Contains("complete", halved.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_completion_that_cannot_be_read_is_taken_out_of_the_way()
    {
        var file = Pipeline($$"""{ "axes": { {{Momenta}} } }""");
        Ok("run", file);
        File.WriteAllText(Completions()[0], "");
        Directory.Delete(Results, recursive: true);
        var again = Ok("run", file);

        Assert.Contains("was done, and is run again: its completion cannot be read", again.Error, StringComparison.Ordinal);
        Assert.Contains("4 of 4 done", again.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123456789ab", 0)]
    [InlineData(null, 1)]
    public void A_run_that_failed_with_another_build_is_run_again(string? build, int code)
    {
        var file = Pipeline($$"""{ "axes": { {{Momenta}} } }""");
        Ok("run", file);
        var done = Completions()[0];
        Directory.Delete(Path.Combine(program.Runs, JsonNode.Parse(File.ReadAllText(done))!["folder"]!.GetValue<string>()), recursive: true);
        Directory.Delete(Results, recursive: true);
        File.Delete(done);
        var folder = Path.GetDirectoryName(done)!;
        var claim = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "claim-1")))!;
        Assert.NotNull(claim["build"]);
        claim["build"] = build;
        File.WriteAllText(Path.Combine(folder, "claim-1"), claim.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "end-1"), "{\"how\":\"failed\",\"message\":\"no luck\",\"writer\":\"test\"}");

        Assert.Contains(code == 0 ? "4: 3 done, 1 left" : "4: 3 done, 1 failed, 0 left", program.Run("run", file, "--output", program.Runs, "--dry-run").Output, StringComparison.Ordinal);
        Assert.Contains("4: 3 done, 1 left", program.Run("run", file, "--output", program.Runs, "--dry-run", "--retry").Output, StringComparison.Ordinal);
        var ended = program.Run("run", file, "--output", program.Runs);

        Assert.True(ended.ExitCode == code, ended.Error);
        Assert.Equal(code == 0, ended.Error.Contains("One run that failed with another build of program or plugins is run again.", StringComparison.Ordinal));
        Assert.Equal(code == 1, ended.Output.Contains("no luck", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_cannot_be_run_again_says_nothing_about_a_build()
    {
        var file = program.Pipeline(Pipelines.Quadratic($$"""{ "axes": { {{Momenta}} } }""", updates: "3000"));
        OfAnotherBuild(file);
        using (var full = program.StartShell(
            new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" }, "trap '' XFSZ; ulimit -f 256; exec \"$0\" \"$@\"", "run", file, "--output", program.Runs))
        {
            var ended = full.End();
            Assert.Equal(1, ended.ExitCode);
            Assert.Contains("could not be run again", ended.Error, StringComparison.Ordinal);
        }

        Assert.Equal(4, Completions().Length);
        Assert.Contains("Its digest is the same", Ok("run", file).Error, StringComparison.Ordinal);
        Assert.Equal(4, Completions().Length);
    }

    [Fact]
    public void A_run_that_tries_a_build_goes_on_where_it_was_interrupted()
    {
        var file = program.Pipeline(Pipelines.Quadratic("null", updates: "500000"));
        string[] arguments = ["run", file, "--seeds", "2", "--output", program.Runs];
        OfAnotherBuild(file, "--seeds", "2");
        Assert.Contains("of those done 1, one for each set of plugins, is run again first", program.Run([.. arguments, "--dry-run"]).Output, StringComparison.Ordinal);
        using (var running = program.Start(arguments))
        {
            running.Until(() => Again().Length > 0 && Directory.GetFiles(Again()[0], "updates.csv") is [var updates] && new FileInfo(updates).Length > 100_000);
            running.Signal(2);
            Assert.Equal(130, running.End().ExitCode);
        }

        var went = program.Run(arguments);
        Assert.Contains("Going on from version", went.Error, StringComparison.Ordinal);
        Assert.Contains("Its digest is the same", went.Error, StringComparison.Ordinal);
        Assert.Single(Again());

        string[] Again() => Directory.GetDirectories(Path.Combine(program.Runs, "small"), "*-2");
    }

    [Fact]
    public void Results_that_another_build_completes_meanwhile_are_tried_too()
    {
        var file = program.Pipeline(Pipelines.Quadratic($$"""{ "axes": { {{Momenta}} } }""", updates: "200000"));
        using var running = program.Start("run", file, "--jobs", "1", "--output", program.Runs, "--results", Results);
        running.Until(() => Completions().Length > 0);
        Say(Completions()[0], "0123456789ab", new string('0', 64));

        // Once more, when that build has been tried.
        var verdicts = Path.Combine(program.Runs, ".sweeps", "builds");
        running.Until(() => Directory.Exists(verdicts) && Directory.GetFiles(verdicts).Length > 0);
        Say(Completions().First(done => !File.ReadAllText(done).Contains("0123456789ab", StringComparison.Ordinal)), "0123456789ab", new string('0', 64));
        var ended = running.End();

        Assert.True(ended.ExitCode == 0, ended.Error);
        Assert.Contains("Its digest is another: nothing that that build made counts", ended.Error, StringComparison.Ordinal);
        Assert.Contains("4 of 4 done", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('0', 64), Digests());
    }

    [Fact]
    public void A_run_that_was_over_before_a_mark_is_chosen_by_its_end()
    {
        var file = Pipeline($$"""{ "axes": { {{Momenta}} }, "search": { "type": "successive-halving", "epochs": [0.2, 500], "keep": 2, "finish": 1 } }""");
        Ok("run", file);
        var store = new SweepStore(Path.Combine(program.Runs, ".sweeps"), new Dictionary<string, CompletedRun>());

        Assert.All(Completions(), done =>
        {
            var key = Path.GetFileName(Path.GetDirectoryName(done)!);
            Assert.Equal(store.Completed(key)!.TestLoss, store.AtMark(key, 500)!.TestLoss);
        });
    }

    [Fact]
    public async Task Where_no_process_can_take_the_place_of_one_that_died_it_ends_and_says_so()
    {
        var started = 0;
        ProcessStartInfo Start() => ++started == 1 ? new("/bin/sh", ["-c", "exit 9"]) : new(Path.Combine(program.Folder, "gone"));
        var jobs = new Jobs(1, Start, Path.Combine(program.Folder, ".sweeps"), _ => { });

        var end = await Task.Run(() => jobs.Run(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken).WaitAsync(Bound, TestContext.Current.CancellationToken);

        Assert.Contains("a process cannot be started", end.Trouble, StringComparison.Ordinal);
        Assert.Equal(2, started);
    }

    [Fact]
    public void What_was_published_is_kept_with_the_sweep()
    {
        var published = Path.Combine(program.Folder, "published.csv");
        File.WriteAllText(published, "optimizer.momentum,value\n0,0.5\n0.9,0.4\n");
        var file = Pipeline($$"""{ "axes": { {{Momenta}} }, "metric": "test-loss", "published": { "file": "published.csv", "only": true } }""");
        Ok("run", file);
        var sweep = Directory.GetDirectories(Path.Combine(program.Runs, "small"), "sweep-*").Single();
        File.AppendAllText(published, "0.5,0.3\n");

        Assert.Contains("2 of 2", Ok("sweep", "status", sweep).Output, StringComparison.Ordinal);
        File.Delete(published);
        Assert.Contains("2 of 2", Ok("sweep", "status", sweep).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_goes_on_in_a_new_attempt_keeps_its_snapshots()
    {
        const int Last = 200_000;
        const int Every = 10_000;
        var file = program.Pipeline(Pipelines.Quadratic("""{ "seeds": 1 }""", updates: $"{Last}").Replace("\"sweep\"", $"\"snapshots\": {{ \"everyUpdates\": {Every} }}, \"sweep\"", StringComparison.Ordinal));
        using (var running = program.Start("run", file, "--quiet", "--jobs", "1", "--output", program.Runs))
        {
            running.Until(() => Snapshots("*-1").Length > 2);
            running.Signal(2);
            Assert.Equal(130, running.End().ExitCode);
        }

        Ok("run", file, "--quiet");
        Assert.Equal(Enumerable.Range(0, (Last / Every) + 1).Select(i => i * (long)Every), Snapshots("*-2").Select(long.Parse).Order());

        string[] Snapshots(string attempt) => Directory.Exists(Path.Combine(program.Runs, "small"))
            ? [.. Directory.GetDirectories(Path.Combine(program.Runs, "small"), attempt).Select(folder => Path.Combine(folder, "snapshots")).Where(Directory.Exists)
                .SelectMany(folder => Directory.GetFiles(folder, "*.safetensors")).Select(snapshot => Path.GetFileNameWithoutExtension(snapshot))]
            : [];
    }

    [Fact]
    public void A_verification_at_work_and_what_came_out_otherwise_are_no_leftovers()
    {
        var claims = Path.Combine(program.Runs, ".sweeps");
        Ok("run", program.Pipeline(Pipelines.Quadratic("null")));
        Directory.CreateDirectory(Path.Combine(claims, "verify-empty"));
        Directory.Move(Path.Combine(program.Runs, "small"), Path.Combine(Directory.CreateDirectory(Path.Combine(claims, "verify-other")).FullName, "small"));

        var left = program.Run("runs", "gc", "--yes", "--output", program.Runs).Output;

        Assert.Contains("verify-empty", left, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(claims, "verify-other", "small")), left);
    }

    [Fact]
    public void Runs_of_a_file_that_held_something_else_do_not_count()
    {
        var file = Timed();
        Times(10);
        Ok("run", file);
        Times(20);
        Ok("run", file);

        Assert.Equal(8, Digests().Length);
        Assert.Equal(8, Digests().Distinct().Count());
    }

    [Fact]
    public void A_file_that_is_edited_while_a_sweep_runs_is_read_by_none_of_its_runs()
    {
        Times(10);
        var file = Timed(updates: "200000");
        using (var running = program.Start("run", file, "--jobs", "1", "--output", program.Runs, "--results", Results))
        {
            running.Until(() => Completions().Length > 0);
            Times(20);
            var ended = running.End();
            Assert.Equal(1, ended.ExitCode);
            Assert.Contains($"{Trace}: holds something else than when", ended.Error, StringComparison.Ordinal);
        }

        Times(10);
        Assert.Contains("4 of 4 done", Ok("run", file).Output, StringComparison.Ordinal);
        var rows = Digests();
        Directory.Delete(program.Runs, recursive: true);
        Directory.Delete(Results, recursive: true);
        Ok("run", file);
        Assert.Equal(Digests(), rows);
    }

    [Fact]
    public void A_run_of_a_file_that_was_edited_is_not_gone_on_with()
    {
        Times(10);
        string[] one = ["run", Timed(updates: "200000"), "--where", "optimizer.momentum=0", "--seeds", "1", "--jobs", "1", "--output", program.Runs, "--results", Results];
        string[] Runs() => Directory.Exists(Path.Combine(program.Runs, "small")) ? Directory.GetDirectories(Path.Combine(program.Runs, "small"), "*-1") : [];
        using (var running = program.Start(one))
        {
            running.Until(() => Runs().Length > 0 && new FileInfo(Path.Combine(Runs()[0], "updates.csv")) is { Exists: true, Length: > 100_000 });
            running.Signal(2);
            Assert.Equal(130, running.End().ExitCode);
        }

        Times(20);
        var resumed = program.Run("run", "--resume", Path.GetFileName(Runs()[0]), "--output", program.Runs);
        Assert.Equal(64, resumed.ExitCode);
        Assert.Contains("a file that the pipeline names holds something else", resumed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_whose_processes_are_told_to_end_is_not_complete()
    {
        using var running = program.Start("run", program.Pipeline(Pipelines.Quadratic($$"""{ "axes": { {{Momenta}} } }""", updates: "200000")), "--jobs", "1", "--output", program.Runs, "--results", Results);
        running.Until(() => Completions().Length > 0);
        Cli.Running.Signal(Child(running.Id), 15);
        var ended = running.End();

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains("its processes were told to end", ended.Error, StringComparison.Ordinal);

        static int Child(int process) => int.Parse(File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Processes_that_begin_on_a_sweep_after_its_file_was_edited_say_so()
    {
        Times(10);
        Ok("run", Timed());
        var sweep = Directory.GetDirectories(Path.Combine(program.Runs, "small"), "sweep-*").Single();
        Times(20);
        var task = program.Run("sweep-task", sweep, "--output", program.Runs, "--results", Results, "--lease", "60", "--threads", "1", "--jobs", "1");

        Assert.Equal(64, task.ExitCode);
        Assert.Contains($"{Trace}: holds something else than when {sweep} was begun", task.Error, StringComparison.Ordinal);
        Assert.Contains("4 of 4", Ok("sweep", "status", sweep).Output, StringComparison.Ordinal);
        Assert.Contains($"{Trace}: holds something else", program.Run("sweep", "verify", sweep, "--output", program.Runs).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_went_on_meanwhile_is_not_removed()
    {
        Ok("run", Pipeline($$"""{ "axes": { {{Momenta}} } }"""));
        var run = RunReader.List(program.Runs).Runs[0];
        var document = Path.Combine(run.Folder, "run.json");
        File.WriteAllText(document, File.ReadAllText(document).Replace("\"completed\"", "\"interrupted\"", StringComparison.Ordinal));

        Assert.Contains("has changed meanwhile", Assert.Throws<IOException>(() => RunRemoval.TryRemove(run)).Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(run.Folder));
        Assert.True(RunRemoval.TryRemove(RunReader.Read(run.Folder)!));
    }

    [Fact]
    public void Ledgers_that_a_spreadsheet_saved_are_read_and_a_column_twice_is_refused()
    {
        var file = Pipeline($$"""{ "axes": { {{Momenta}} } }""");
        Ok("run", file);
        Directory.Delete(program.Runs, recursive: true);
        var ledger = Path.Combine(Results, "small.csv");
        File.WriteAllLines(ledger, [.. File.ReadAllLines(ledger).Select(line => line + ",,")]);
        Assert.Contains("4 done, 0 left", Ok("run", file, "--dry-run").Output, StringComparison.Ordinal);

        File.WriteAllLines(ledger, [.. File.ReadAllLines(ledger).Select((line, i) => line.TrimEnd(',') + (i == 0 ? ",key" : ",0"))]);
        var twice = Ok("run", file, "--dry-run");
        Assert.Contains("no ledger: it has more than one column key", twice.Error, StringComparison.Ordinal);
        Assert.Contains("0 done, 4 left", twice.Output, StringComparison.Ordinal);
    }

    private string Trace => Path.Combine(program.Folder, "times.csv");

    private void Times(int milliseconds) => File.WriteAllLines(Trace, ["worker,milliseconds", .. Enumerable.Range(0, 300).Select(n => $"{n % 3},{milliseconds + (n % 7)}")]);

    private string Timed(string updates = "60") => program.Pipeline(Pipelines.Quadratic($$"""{ "axes": { {{Momenta}} } }""", updates).Replace(
        """{ "type": "gamma", "meanMs": 10 }""", $$"""{ "type": "trace", "file": "{{Trace}}" }""", StringComparison.Ordinal));

    // Runs it, and has its results say that another build made them.
    private void OfAnotherBuild(params string[] arguments)
    {
        Ok("run", arguments);
        foreach (var completion in Completions())
        {
            Say(completion, "0123456789ab");
        }

        Directory.Delete(Results, recursive: true);
    }

    private static void Say(string completion, string build, string? digest = null)
    {
        var done = JsonNode.Parse(File.ReadAllText(completion))!;
        done["build"] = build;
        done["digest"] = digest ?? (string)done["digest"]!;
        File.WriteAllText(completion + ".tmp", done.ToJsonString());
        File.Move(completion + ".tmp", completion, overwrite: true);
    }

    private string[] Digests() => [.. File.ReadAllLines(Path.Combine(Results, "small.csv")).Skip(1).Select(line => line.Split(',')[5])];

    private string Results => Path.Combine(program.Folder, "results");

    private string Pipeline(string sweep) => program.Pipeline(Pipelines.Quadratic(sweep));

    private Cli.Ended Ok(string verb, params string[] more)
    {
        var ended = program.Run([verb, .. more, "--output", program.Runs]);
        Assert.True(ended.ExitCode == 0, $"exit code {ended.ExitCode}\n{ended.Output}\n{ended.Error}");
        return ended;
    }

    private string[] Completions() => Path.Combine(program.Runs, ".sweeps") is var claims && Directory.Exists(claims) ? Directory.GetFiles(claims, "done", SearchOption.AllDirectories) : [];
}
