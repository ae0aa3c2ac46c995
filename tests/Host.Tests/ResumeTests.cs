using System.Text.Json;

namespace Orchestrator.Host.Tests;

/// <summary>A killed run goes on to the digest of an uninterrupted one.</summary>
public sealed class ResumeTests : IDisposable
{
    // Long enough to be killed on the way, also where this process has to wait for a core.
    private static readonly string Killable = Pipelines.Small.Replace("\"updates\": 150", "\"updates\": 500");

    private readonly Cli program = new();

    public void Dispose() => program.Dispose();

    [Theory]
    [InlineData]
    [InlineData("""optimizer={"type":"dana-zero","momentum":0.9,"learningRate":0.01,"corrections":["gap-aware"]}""", "workers.overlapPulls=true")]
    [
        InlineData("""consistency={"type":"k-sync","k":3}""", """workers.rule={"type":"dana-slim","momentum":0.9}""",
            """optimizer={"type":"sgd","learningRate":0.01}""")]
    [InlineData("""evaluation={"everyUpdates":25,"sets":{"train":true,"validation":{"folds":4,"fold":1}},"perClass":true}""")]
    public void AKilledRun_GoesOnToTheSameDigest(params string[] sets)
    {
        var file = program.Pipeline(Killable);
        string[] arguments = [.. sets.SelectMany(s => new[] { "--set", s })];
        var whole = program.RunJson(file, 0, arguments);
        var id = whole.GetProperty("id").GetString()!;

        using (var run = program.Start(["run", file, "--quiet", "--output", program.Runs, "--checkpoint-updates", "10", .. arguments]))
        {
            run.Until(() => Checkpoints(id + "-2").Length > 0);
            run.Signal(9);
            run.End();
        }

        var resumed = program.Run("run", "--resume", id + "-2", "--json", "--quiet", "--output", program.Runs, "--threads", "1");

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        var summary = JsonDocument.Parse(resumed.Output).RootElement;
        Assert.Equal(whole.GetProperty("digest").GetString(), summary.GetProperty("digest").GetString());
        Assert.Equal(whole.GetProperty("staleness").GetRawText(), summary.GetProperty("staleness").GetRawText());
        Assert.Equal(File.ReadAllBytes(FileOf(whole, "parameters.safetensors")), File.ReadAllBytes(FileOf(summary, "parameters.safetensors")));
        Assert.InRange(Checkpoints(id + "-2").Length, 1, 2);
        if (File.Exists(FileOf(whole, "confusions.csv")))
        {
            Assert.Equal(File.ReadAllText(FileOf(whole, "confusions.csv")), File.ReadAllText(FileOf(summary, "confusions.csv")));
        }
    }

    [Fact]
    public void ACorruptNewestCheckpoint_FallsBackToTheOlder()
    {
        var (id, digest) = KilledWithTwoCheckpoints();
        var newest = Checkpoints(id + "-2").Order().Last();
        var bytes = File.ReadAllBytes(newest);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(newest, bytes);
        var resumed = program.Run("run", "--resume", id + "-2", "--json", "--quiet", "--output", program.Runs);

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Contains("checksum", resumed.Error);
        Assert.Equal(digest, JsonDocument.Parse(resumed.Output).RootElement.GetProperty("digest").GetString());
    }

    [Theory]
    [InlineData("updates", true)]
    [InlineData("updates", false)]
    [InlineData("evaluations", false)]
    public void RowsThatALossOfPowerTook_AreAReasonForTheOlderCheckpoint(string rows, bool cut)
    {
        var (id, digest) = KilledWithTwoCheckpoints();
        var checkpoints = Checkpoints(id + "-2").Order().TakeLast(2).ToArray();
        var (older, newer) = (Position(checkpoints[0], rows), Position(checkpoints[1], rows));
        using (var file = new FileStream(Path.Combine(program.Runs, "small", id + "-2", rows + ".csv"), FileMode.Open))
        {
            if (cut)
            {
                file.SetLength(newer - 1);
            }
            else
            {
                // As a file system leaves blocks of which it knew the length and not the content.
                file.Position = newer == older ? newer - 1 : older;
                file.Write(new byte[Math.Max(1, newer - older)]);
            }
        }

        var resumed = program.Run("run", "--resume", id + "-2", "--json", "--quiet", "--output", program.Runs);

        if (newer == older)
        {
            // No row between the two: neither fits.
            Assert.Equal(64, resumed.ExitCode);
            Assert.Contains($"{rows}.csv is not what it was at the checkpoint", resumed.Error, StringComparison.Ordinal);
            Assert.Contains("it has no whole checkpoint to go on from; run the pipeline again", resumed.Error, StringComparison.Ordinal);
            return;
        }

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Contains("the record does not fit it, the one before is tried", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(digest, JsonDocument.Parse(resumed.Output).RootElement.GetProperty("digest").GetString());
    }

    [Fact]
    public void AFolderWithoutItsLock_AsOfACopy_GoesOn()
    {
        var (id, digest) = KilledWithTwoCheckpoints();
        File.Delete(Path.Combine(program.Runs, "small", id + "-2", "lock"));

        var resumed = program.Run("run", "--resume", id + "-2", "--json", "--quiet", "--output", program.Runs);

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(digest, JsonDocument.Parse(resumed.Output).RootElement.GetProperty("digest").GetString());
    }

    [Fact]
    public void AnInterruptedRun_HasACheckpoint()
    {
        var file = program.Pipeline(Pipelines.Endless);
        using var run = program.Start("run", file, "--quiet", "--json", "--output", program.Runs);
        run.Until(
            () => Directory.Exists(program.Runs) && Directory.EnumerateFiles(program.Runs, "updates.csv",
                SearchOption.AllDirectories).Any(f => new FileInfo(f).Length > 2000));
        run.Signal(2);
        var summary = JsonDocument.Parse(run.End().Output).RootElement;

        Assert.Single(Checkpoints($"{summary.GetProperty("id").GetString()}-1"));
    }

    [Fact]
    public void ADifferentDataset_IsRefused()
    {
        var file = program.Pipeline(Pipelines.Endless);
        using var run = program.Start("run", file, "--quiet", "--json", "--output", program.Runs, "--checkpoint-updates", "5");
        run.Until(() => Directory.Exists(program.Runs) && Directory.EnumerateFiles(program.Runs, "*.checkpoint", SearchOption.AllDirectories).Any());
        run.Signal(9);
        run.End();
        var document = Directory.EnumerateFiles(program.Runs, "run.json", SearchOption.AllDirectories).Single();
        File.WriteAllText(
            document,
            System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(document), "\"datasetFingerprint\": \"....", "\"datasetFingerprint\": \"0000"));
        var resumed = program.Run("run", "--resume", Path.GetDirectoryName(document)!, "--output", program.Runs);

        Assert.Equal(64, resumed.ExitCode);
        Assert.Contains("the data's fingerprint was 0000", resumed.Error);
    }

    private static string FileOf(JsonElement summary, string name) => Path.Combine(summary.GetProperty("folder").GetString()!, name);

    // Bytes that a file of rows had at a checkpoint, whose header stands behind 12 bytes.
    private static long Position(string checkpoint, string rows)
    {
        var bytes = File.ReadAllBytes(checkpoint);
        using var header = JsonDocument.Parse(bytes.AsMemory(12, BitConverter.ToInt32(bytes, 8)));
        return header.RootElement.GetProperty("position").GetProperty(rows).GetProperty("length").GetInt64();
    }

    private (string Id, string Digest) KilledWithTwoCheckpoints()
    {
        var file = program.Pipeline(Killable);
        var whole = program.RunJson(file, 0);
        var id = whole.GetProperty("id").GetString()!;
        using (var run = program.Start("run", file, "--quiet", "--output", program.Runs, "--checkpoint-updates", "10"))
        {
            run.Until(() => Checkpoints(id + "-2").Length == 2);
            run.Signal(9);
            run.End();
        }

        return (id, whole.GetProperty("digest").GetString()!);
    }

    private string[] Checkpoints(string run)
    {
        var folder = Path.Combine(program.Runs, "small", run, "checkpoint");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*.checkpoint") : [];
    }
}
