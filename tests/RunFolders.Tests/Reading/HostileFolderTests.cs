using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.RunFolders.Tests;

/// <summary>
/// Whatever a run folder holds: a message beside it, soon, in little memory; never an exception,
/// and never a wait.
/// </summary>
public sealed class HostileFolderTests : IDisposable
{
    private static readonly PartitionSkew Skew = PartitionSkew.Of([new int[] { 0 }], [0], 1, 1);

    private readonly TemporaryFolder root = new();

    public void Dispose() => root.Dispose();

    [Theory(Timeout = 60_000)]
    [InlineData("run.json")]
    [InlineData("lock")]
    [InlineData("updates.csv")]
    [InlineData("evaluations.csv")]
    [InlineData("events.csv")]
    [InlineData("partitions.csv")]
    [InlineData("parameters.safetensors")]
    [InlineData("checkpoint/000000000000007.checkpoint")]
    public async Task APipeInPlaceOfAFile_IsWaitedForByNobody(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: named pipes are not files on Windows");
        var folder = Killed();
        var path = Path.Combine(folder, name);
        File.Delete(path);
        using (var made = Process.Start("mkfifo", path))
        {
            await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await Task.Run(() => LookAt(folder, root.Path), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("run.json", "/dev/zero")]
    [InlineData("run.json", "/")]
    [InlineData("run.json", "itself")]
    [InlineData("updates.csv", "/dev/zero")]
    [InlineData("updates.csv", "/")]
    [InlineData("lock", "/dev/zero")]
    [InlineData("checkpoint/000000000000007.checkpoint", "/dev/zero")]
    [InlineData("checkpoint/000000000000007.checkpoint", "itself")]
    [InlineData("parameters.safetensors", "/dev/zero")]
    public void ADeviceAFolderOrALoopInPlaceOfAFile_IsAMessage(string name, string target)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "skipped: the device is Linux's");
        var folder = Killed();
        var path = Path.Combine(folder, name);
        File.Delete(path);
        File.CreateSymbolicLink(path, target == "itself" ? path : target);
        Assert.NotEmpty(LookAt(folder, root.Path));
    }

    [Theory]
    [InlineData("run.json", 1L << 40)]
    [InlineData("updates.csv", 1L << 40)]
    [InlineData("parameters.safetensors", 1L << 40)]
    public void AFileOfATerabyte_CostsNoMemory(string name, long length)
    {
        var folder = Killed();
        using (var file = new FileStream(Path.Combine(folder, name), FileMode.OpenOrCreate))
        {
            file.SetLength(length); // sparse: takes no room
        }

        var before = GC.GetTotalAllocatedBytes();
        Assert.NotEmpty(LookAt(folder, root.Path));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
    }

    [Theory]
    [InlineData("""{ "schemaVersion": 2, "id": [] }""", "it has schema version 2, of a newer version of this program, which reads 1")]
    [InlineData("""{ "who": { "deep": [] }, "schemaVersion": 99 }""", "schema version 99, of a newer version")]
    [InlineData("{}", "no run.json of schema version 1")]
    [InlineData("null", "no run.json of schema version 1")]
    [InlineData("[[[[", "no run.json of schema version 1")]
    [InlineData("", "no run.json of schema version 1")]
    public void ADocumentThatIsNone_IsSaidWithWhatItIs(string json, string problem)
    {
        var folder = Killed();
        File.WriteAllText(Path.Combine(folder, "run.json"), json);
        Assert.Contains(problem, Assert.Single(RunReader.List(root.Path).Problems), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "run.json"), string.Concat(Enumerable.Repeat("{\"id\":", 100_000)));
        Assert.Contains("run.json", Assert.Single(RunReader.List(root.Path).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void ARowThatNoRunCanHaveMade_EndsTheReadingWithItsLine()
    {
        var folder = Killed();
        var updates = Path.Combine(folder, "updates.csv");
        var row = File.ReadAllLines(updates)[1].Split(',');
        var staleness = UpdateRows.Index("staleness");
        (row[UpdateRows.Index("versionPulled")], row[staleness]) = ("9", (long.Parse(row[UpdateRows.Index("version")]) - 9).ToString());
        File.AppendAllText(updates, string.Join(',', row) + "\n");
        Assert.StartsWith("-", row[staleness], StringComparison.Ordinal);
        var problem = Assert.Single(LookAt(folder, root.Path), p => p.Contains("updates.csv", StringComparison.Ordinal));
        Assert.Contains("updates.csv:22: no row of this file", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run.json.tmp")]
    [InlineData("updates.csv")]
    public void ALinkInPlaceOfAFile_IsNotWrittenThrough(string name)
    {
        var folder = Killed();
        var precious = root.File("precious");
        File.WriteAllText(precious, "mine");
        File.Delete(Path.Combine(folder, name));
        File.CreateSymbolicLink(Path.Combine(folder, name), precious);

        var problems = new List<string>();
        try
        {
            using var reopened = RunFolder.Reopen(RunReader.Read(folder)!);
            if (new CheckpointFolder(folder).OpenNewest(problems) is { } checkpoint)
            {
                checkpoint.State.Dispose();
                reopened.GoOn(checkpoint.Header);
                using var recorder = Recorder.Resume(folder, Samples.Layout, checkpoint.Header.Position);
                new CheckpointFolder(folder).Write(new CheckpointHeader(8, 1, recorder.Flush()), _ => { });
            }
        }
        catch (RecorderException refused)
        {
            problems.Add(refused.Message);
        }

        Assert.Contains(problems, problem => problem.Contains("is a link", StringComparison.Ordinal));
        Assert.Equal("mine", File.ReadAllText(precious));
    }

    [Fact]
    public void ALinkInPlaceOfAnUnfinishedCheckpoint_IsNotWrittenThrough_AndIsRemovedByWhoeverGoesOn()
    {
        var folder = Killed();
        string precious = root.File("precious"), link = Path.Combine(folder, "checkpoint/000000000000008.checkpoint.tmp");
        File.WriteAllText(precious, "mine");
        File.CreateSymbolicLink(link, precious);
        var checkpoints = new CheckpointFolder(folder);
        var header = Samples.Checkpoint(folder, 7);

        Assert.Contains("is a link", Assert.Throws<RecorderException>(() => checkpoints.Write(header with { Version = 8 }, _ => { })).Message, StringComparison.Ordinal);
        using (var reopened = RunFolder.Reopen(RunReader.Read(folder)!))
        {
            reopened.GoOn(header);
        }

        Assert.False(Path.Exists(link));
        Assert.Equal("mine", File.ReadAllText(precious));
    }

    [Fact]
    public void ACopiedFolder_IsShownAsWhatItIsNow()
    {
        using (var folder = Started("abc"))
        {
            folder.Finish(folder.Summarize(new RunOutcome { Status = RunStatus.Completed, WallSeconds = 1 }, null));
        }

        var copy = Directory.CreateDirectory(root.File("other/abc-5")).FullName;
        File.Copy(root.File("quick/abc-1/run.json"), Path.Combine(copy, "run.json"));
        var run = RunReader.List(root.Path).Runs.Single(r => r.Attempt == 5);
        var summary = RunReader.Summarize(run, [])!;
        Assert.Equal(("other", "abc", copy), (run.Name, run.Id, run.Folder));
        Assert.Equal(("other", "abc", 5, copy), (summary.Name, summary.Id, summary.Attempt, summary.Folder));
        Assert.True(RunSearch.TryFind(root.Path, "other/abc-5", out var found, out _));
        Assert.Equal(copy, found.Folder);
    }

    [Fact]
    public void EveryValueOfTheDocument_MayBeAnother_OrAbsent()
    {
        using (var folder = Started("abc"))
        {
            var outcome = new RunOutcome { Status = RunStatus.Completed, WallSeconds = 1, HostTraffic = [new(1, "host", 1, 1, 1, 1, null)] };
            folder.Finish(folder.Summarize(outcome, null) with { Notes = ["said"], Schedule = "a/b-1" });
        }

        var file = root.File("quick/abc-1/run.json");
        var text = File.ReadAllText(file);
        var paths = Paths(JsonNode.Parse(text)!).ToList();
        Assert.InRange(paths.Count, 60, 500);
        string?[] others = [null, "null", "[]", "[null]", "{}", "\"\"", "\"x\"", "-1", "1e300", "9223372036854775807", "true", "\"9999-12-31T23:59:59Z\""];
        foreach (var path in paths)
        {
            foreach (var other in others)
            {
                File.WriteAllText(file, Changed(text, path, other));
                var listing = RunReader.List(root.Path);
                foreach (var run in listing.Runs)
                {
                    RunReader.Summarize(run, [])?.ToJson();
                    Assert.NotNull(run.Name);
                    Assert.NotNull(run.Document?.Run.Options ?? new Dictionary<string, string>());
                }
            }
        }
    }

    [Fact]
    public void ThreeHundredFlippedBytes_AreMessagesAndNoMore()
    {
        var folder = Killed();
        string[] files = ["run.json", "updates.csv", "evaluations.csv", "events.csv", "parameters.safetensors", "checkpoint/000000000000007.checkpoint"];
        var whole = files.ToDictionary(name => name, name => File.ReadAllBytes(Path.Combine(folder, name)));
        var random = new RandomStream(new RandomStreams(7).Key("flips"));
        for (var i = 0; i < 300; i++)
        {
            var name = files[i % files.Length];
            var bytes = whole[name].ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
            var problems = LookAt(folder, root.Path);
            Assert.All(problems, problem => Assert.InRange(problem.Length, 1, 4_000));
            if (name.EndsWith(".checkpoint", StringComparison.Ordinal))
            {
                Assert.Contains(problems, problem => problem.Contains("not a whole checkpoint", StringComparison.Ordinal));
            }

            File.WriteAllBytes(Path.Combine(folder, name), whole[name]);
        }

        Assert.Empty(LookAt(folder, root.Path));
    }

    // Everything that is read of other people's folders; returns what is said of it.
    private static List<string> LookAt(string folder, string all)
    {
        var problems = RunReader.List(all).Problems.ToList();
        if (RunReader.Read(folder) is { } run)
        {
            RunReader.Summarize(run, problems);
        }

        using (var rows = RunRows.Schedule(folder))
        {
            Assert.InRange(rows.ReadAll().Count(), 0, 100);
        }

        using (var events = RunRows.Events(folder))
        {
            Assert.InRange(events.ReadAll().Count(), 0, 100);
        }

        if (new CheckpointFolder(folder).OpenNewest(problems) is { State: var state })
        {
            state.Dispose();
        }

        try
        {
            foreach (var difference in new[] { EndComparison.Partitions(folder, Skew), EndComparison.Parameters(
                folder, Samples.Layout, new float[22]) }.OfType<Difference>())
            {
                problems.Add(difference.ToString());
            }
        }
        catch (Exception said) when (said is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            problems.Add(said.Message);
        }

        return problems;
    }

    private static IEnumerable<string[]> Paths(JsonNode node, params string[] at) => node is JsonObject parent
        ? parent.SelectMany(member => Paths(member.Value ?? JsonValue.Create(0), [.. at, member.Key]).Prepend([.. at, member.Key]))
        : [];

    private static string Changed(string json, string[] path, string? value)
    {
        var root = JsonNode.Parse(json)!;
        var parent = path[..^1].Aggregate(root, (node, name) => node[name]!).AsObject();
        parent.Remove(path[^1]);
        if (value is not null)
        {
            parent[path[^1]] = JsonNode.Parse(value);
        }

        return root.ToJsonString();
    }

    // A run whose process died after a checkpoint.
    private string Killed()
    {
        using var folder = Started("abc");
        using var recorder = new Recorder(folder.FullPath, Samples.Layout);
        for (var n = 0; n < 20; n++)
        {
            recorder.Push(Samples.Push(n));
        }

        recorder.Evaluation(Samples.Evaluation(10));
        recorder.Event(new Abstractions.RunEvent(1, "noted", -1, 0, "said"));
        new CheckpointFolder(folder.FullPath)
            .Write(new CheckpointHeader(7, 1, recorder.Flush()), state => state.Write(Encoding.UTF8.GetBytes("the engine's state")));
        Safetensors.Write(Path.Combine(folder.FullPath, Safetensors.ParametersFileName), Samples.Layout, new float[20], new float[2]);
        return folder.FullPath;
    }

    private RunFolder Started(string id)
    {
        var folder = RunFolder.Create(root.Path, "quick", id);
        folder.Start("{}", Samples.Description);
        folder.WritePartitions(Skew);
        return folder;
    }
}
