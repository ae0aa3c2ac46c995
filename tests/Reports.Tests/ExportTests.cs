using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Orchestrator.RunFolders;
using Parquet;

namespace Orchestrator.Reports.Tests;

/// <summary>Runs as other programs read them, read here by readers of their own.</summary>
public sealed class ExportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_trace_has_a_slice_for_every_push_and_every_wait(bool hasArrows)
    {
        using var run = new MadeRun("trace", 3, 300, waits: true);

        using var json = JsonDocument.Parse(
            File.ReadAllBytes(RunExport.Write(run.Entry, ExportFormat.Perfetto, Path.Combine(run.Folder, "trace.json"), hasArrows).Single()));
        var events = json.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        List<JsonElement> Of(string phase) => events.FindAll(one => one.GetProperty("ph").GetString() == phase);

        var slices = Of("X").ToLookup(one => one.GetProperty("cat").GetString() == "wait");
        Assert.Equal(300, slices[false].Count());
        var first = slices[false].First();
        Assert.Equal(run.Pushes[0].PulledAt / 1e3, first.GetProperty("ts").GetDouble());
        Assert.Equal((run.Pushes[0].ArrivedAt - run.Pushes[0].PulledAt) / 1e3, first.GetProperty("dur").GetDouble());
        Assert.Equal(run.Pushes[0].Worker + 1, first.GetProperty("tid").GetInt32());

        // In each of the 99 rounds behind the first two workers had waited.
        Assert.Equal(198, slices[true].Count());
        Assert.Equal(hasArrows ? 198 : 0, Of("s").Count);
        Assert.Equal(Of("s").Select(arrow => arrow.GetProperty("id").GetInt64()), Of("f").Select(arrow => arrow.GetProperty("id").GetInt64()));
        Assert.Equal(10, Of("i").Count);
        Assert.Equal(
            ["trace 0123456789ab-1", "worker 0", "worker 1", "worker 2"],
            Of("M").Select(one => one.GetProperty("args").GetProperty("name").GetString()!).Order());

        // No two slices of a track overlap.
        foreach (var track in Of("X").GroupBy(one => one.GetProperty("tid").GetInt32()))
        {
            var ordered = track.Select(one => (From: one.GetProperty("ts").GetDouble(), Length: one.GetProperty("dur").GetDouble())).OrderBy(one => one.From)
                .ToList();
            Assert.All(ordered.Zip(ordered.Skip(1)), pair => Assert.True(pair.First.From + pair.First.Length <= pair.Second.From + 1e-6));
        }
    }

    [Fact]
    public void Event_files_hold_every_push_and_evaluation_under_their_checksums()
    {
        using var run = new MadeRun("events", 3, 200);

        var file = RunExport.Write(run.Entry, ExportFormat.TensorBoard, Path.Combine(run.Folder, "logs")).Single();
        var records = Records(File.ReadAllBytes(file)).Select(Event).ToList();

        Assert.Contains("tfevents", Path.GetFileName(file));
        Assert.Equal(1 + 200 + 10, records.Count);
        Assert.Equal("brain.Event:2", records[0].FileVersion);
        var losses = records.Where(one => one.Scalars.ContainsKey("train/loss")).ToList();
        Assert.Equal(
            run.Pushes.Select(push => (push.Version, (float)push.Loss, (float)push.Staleness)),
            losses.Select(one => (one.Step, one.Scalars["train/loss"], one.Scalars["train/staleness"])));
        var started = run.Entry.Started.ToUnixTimeMilliseconds() / 1e3;
        Assert.Equal(started + (run.Pushes[^1].ArrivedAt / 1e9), losses[^1].Time, 1e-6);
        Assert.Equal(10, records.Count(one => one.Scalars.GetValueOrDefault("test/accuracy") == 90));
    }

    [Fact]
    public void The_checksum_is_that_of_its_definition()
    {
        // CRC-32C's check value, and the mask.
        const uint Check = 0xe3069283;
        Assert.Equal(Check, Crc("123456789"u8));
        Assert.Equal(Mask(Check), TensorBoardEvents.MaskedChecksum("123456789"u8));
    }

    [Fact]
    public void Csv_has_the_whole_rows_of_a_run_that_goes_on()
    {
        using var run = MadeRun.Begin("rows", 3, 1_000);
        run.Grow(500);
        run.End();
        var updates = Path.Combine(run.Folder, "updates.csv");
        var whole = File.ReadAllText(updates);
        File.AppendAllText(updates, "17,4,0,torn");

        var files = RunExport.Write(run.Entry, ExportFormat.Csv, Path.Combine(run.Folder, "tables"));
        Assert.Equal(["updates.csv", "evaluations.csv", "events.csv"], files.Select(Path.GetFileName).Take(3));
        Assert.Equal(whole, File.ReadAllText(files[0]));
    }

    [Fact]
    public void Csv_has_who_holds_which_group_and_what_was_taken_for_what()
    {
        using var run = new MadeRun("classes", 3, 100, hasClasses: true);

        var files = RunExport.Write(run.Entry, ExportFormat.Csv, Path.Combine(run.Folder, "tables"));

        Assert.Equal(["updates.csv", "evaluations.csv", "events.csv", "partitions.csv", "groups.csv", "confusions.csv"], files.Select(Path.GetFileName));
        Assert.All(files, file => Assert.Equal(File.ReadAllText(Path.Combine(run.Folder, Path.GetFileName(file))), File.ReadAllText(file)));
    }

    [Fact]
    public async Task Parquet_has_the_columns_and_the_rows_of_the_CSV()
    {
        using var run = new MadeRun("tables", 3, 70_000);

        var files = RunExport.Write(run.Entry, ExportFormat.Parquet, Path.Combine(run.Folder, "tables"));

        foreach (var file in files)
        {
            var header = File.ReadLines(Path.Combine(run.Folder, Path.GetFileNameWithoutExtension(file) + ".csv")).First();
            Assert.Equal(header.Split(','), (await ParquetReader.ReadSchemaAsync(file)).DataFields.Select(field => field.Name));
        }

        await using var reader = await ParquetReader.CreateAsync(files[0], cancellationToken: TestContext.Current.CancellationToken);
        var (at, fields) = (0, reader.Schema.DataFields.ToDictionary(field => field.Name));
        Assert.Equal(2, reader.RowGroupCount);
        foreach (var group in reader.RowGroups)
        {
            var (gaps, workers, decisions) = (new double[group.RowCount], new long[group.RowCount], new string?[group.RowCount]);
            await group.ReadAsync<double>(fields["gapRms"], gaps.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
            await group.ReadAsync<long>(fields["worker"], workers.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
            await group.ReadAsync(fields["decision"], decisions.AsMemory(), cancellationToken: TestContext.Current.CancellationToken);
            var pushes = run.Pushes.GetRange(at, gaps.Length);
            Assert.Equal(pushes.Select(push => push.GapRms), gaps);
            Assert.Equal(pushes.Select(push => (long)push.Worker), workers);
            Assert.All(decisions, decision => Assert.Equal("applied", decision));
            at += gaps.Length;
        }

        Assert.Equal(70_000, at);
    }

    [Fact]
    public void A_damaged_row_ends_an_export_and_leaves_no_file()
    {
        using var run = new MadeRun("damaged", 3, 50);
        File.AppendAllText(Path.Combine(run.Folder, "updates.csv"), "no,row\n");
        var file = Path.Combine(run.Folder, "trace.json");

        var problem = Assert.Throws<InvalidDataException>(() => RunExport.Write(RunReader.Read(run.Folder)!, ExportFormat.Perfetto, file));

        Assert.Contains("updates.csv:52", problem.Message);
        Assert.Empty(Directory.GetFiles(run.Folder, "trace*"));
    }

    private static IEnumerable<byte[]> Records(byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
            Assert.Equal(Mask(Crc(bytes.AsSpan(at, 8))), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 8)));
            var content = bytes[(at + 12)..(at + 12 + length)];
            Assert.Equal(Mask(Crc(content)), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 12 + length)));
            yield return content;
            at += length + 16;
        }
    }

    private static (double Time, long Step, string? FileVersion, Dictionary<string, float> Scalars) Event(byte[] content)
    {
        var (time, step, version, scalars) = (0.0, 0L, (string?)null, new Dictionary<string, float>());
        foreach (var (field, value) in Fields(content))
        {
            switch (field)
            {
                case 1:
                    time = BitConverter.ToDouble(value);
                    break;
                case 2:
                    step = (long)Varint(value, 0).Value;
                    break;
                case 3:
                    version = Encoding.UTF8.GetString(value);
                    break;
                case 5:
                    foreach (var (_, entry) in Fields(value))
                    {
                        var fields = Fields(entry).ToDictionary(one => one.Field, one => one.Value);
                        scalars[Encoding.UTF8.GetString(fields[1])] = BitConverter.ToSingle(fields[2]);
                    }

                    break;
            }
        }

        return (time, step, version, scalars);
    }

    private static List<(int Field, byte[] Value)> Fields(byte[] content)
    {
        var fields = new List<(int, byte[])>();
        for (var at = 0; at < content.Length;)
        {
            var (tag, next) = Varint(content, at);
            var (from, length) = (tag & 7) switch
            {
                0 => (next, Varint(content, next).Next - next),
                1 => (next, 8),
                5 => (next, 4),
                _ => (Varint(content, next).Next, (int)Varint(content, next).Value),
            };
            fields.Add(((int)(tag >> 3), content[from..(from + length)]));
            at = from + length;
        }

        return fields;
    }

    private static (ulong Value, int Next) Varint(byte[] content, int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            value |= (ulong)(content[at] & 0x7f) << shift;
            if (content[at++] < 0x80)
            {
                return (value, at);
            }
        }
    }

    private static uint Mask(uint crc) => ((crc >> 15) | (crc << 17)) + 0xa282ead8;

    // Bit by bit.
    private static uint Crc(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 1 ? 0x82f63b78u : 0);
            }
        }

        return ~crc;
    }
}
