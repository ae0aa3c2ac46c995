using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class RowReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Rows_ReadBackAsTheRecordsThatWereWritten()
    {
        PushRecord[] pushes = [.. Extremes().Concat(Enumerable.Range(0, 5000).Select(n => Samples.Push(n)))];
        EvaluationRecord[] evaluations =
            [.. Enumerable.Range(0, 20).Select(n => Samples.Evaluation(n)), Samples.Evaluation(1) with { TestAccuracy = double.NaN }];
        RunEvent[] events =
            [new(5, "overrun", 3, -1, "a, \"quoted\" message"), new(-1, "host-joined", -1, 2, ""), new(6, "long", 0, 0, new string('x', 200_000))];
        using (var recorder = new Recorder(folder.Path, Samples.Layout))
        {
            Array.ForEach(pushes, p => recorder.Push(in p));
            Array.ForEach(evaluations, e => recorder.Evaluation(in e));
            Array.ForEach(events, recorder.Event);
        }

        Assert.Equal(pushes, ReadAll(RunRows.Updates(folder.Path)));
        Assert.Equal(evaluations, ReadAll(RunRows.Evaluations(folder.Path)));
        Assert.Equal(events, ReadAll(RunRows.Events(folder.Path)));
    }

    [Fact]
    public void Evaluations_OfMoreSets_ReadBackAsWritten_FromColumnsOfTheirOwn()
    {
        EvaluationRecord[] evaluations =
        [
            Samples.Evaluation(1) with { Train = new SetScore(0.25, 91.5), Validation = new SetScore(1.0 / 3, 80) },
            Samples.Evaluation(2) with { Validation = new SetScore(double.PositiveInfinity, 10) },
            Samples.Evaluation(3) with { Train = new SetScore(0.5, double.NaN) },
        ];
        using (var recorder = new Recorder(folder.Path, Samples.Layout, hasMoreSets: true))
        {
            Array.ForEach(evaluations, e => recorder.Evaluation(in e));
        }

        Assert.Equal(EvaluationRows.MoreColumns, File.ReadLines(folder.File("evaluations.csv")).First().Split(','));
        Assert.Equal(evaluations, ReadAll(RunRows.Evaluations(folder.Path)));
    }

    [Fact]
    public void Confusions_ReadBackAsWritten_WhereTheyWereAskedFor_AndGoOnFromAPosition()
    {
        ConfusionRecord[] records =
        [
            new(5, 3, SampleSet.Test, 0, [7, 0, 1]), new(5, 3, SampleSet.Test, 1, [0, long.MaxValue, 0]), new(5, 3, SampleSet.Test, 2, [0, 0, 0]),
            new(9, 4, SampleSet.Validation, 0, [.. Enumerable.Range(0, 50_000).Select(n => (long)n)]),
        ];
        RecorderPosition position;
        using (var recorder = new Recorder(folder.Path, Samples.Layout, hasConfusions: true))
        {
            Array.ForEach(records[..3], recorder.Confusion);
            position = recorder.Flush();
            recorder.Confusion(new(9, 4, SampleSet.Train, 1, [1, 1]));
        }

        using (var recorder = Recorder.Resume(folder.Path, Samples.Layout, position))
        {
            recorder.Confusion(records[3]);
        }

        using var rows = RunRows.Confusions(folder.Path)!;
        var read = rows.ReadAll().ToList();
        Assert.Null(rows.Problem);
        Assert.Equal(records.Select(Text), read.Select(Text));

        static string Text(ConfusionRecord record) => $"{record.Event} {record.Version} {record.Set} {record.Class} {string.Join(' ', record.Predicted)}";
    }

    [Theory]
    [InlineData("5,3,test,3,1 2 3")]
    [InlineData("5,3,tests,0,1 2 3")]
    [InlineData("5,3,test,-1,1 2 3")]
    [InlineData("5,3,test,0,1 -2 3")]
    [InlineData("5,3,test,0")]
    public void AConfusion_OfAClassThatIsNone_OrWithoutCounts_IsAProblem(string row)
    {
        File.WriteAllText(folder.File("confusions.csv"), $"{string.Join(',', ConfusionRows.Columns)}\n{row}\n");
        using var rows = RunRows.Confusions(folder.Path)!;

        Assert.False(rows.TryRead(out _));
        Assert.Contains("confusions.csv:2", rows.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_WrittenInAnotherCulture_AreTheSame()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        var german = (System.Globalization.CultureInfo)before.Clone();
        german.NumberFormat = new System.Globalization.NumberFormatInfo { NumberDecimalSeparator = ",", NegativeSign = "~" };
        Thread.CurrentThread.CurrentCulture = german;
        try
        {
            var row = new byte[RowWriter.MaximumLength];
            var length = UpdateRows.Format(Samples.Push(3) with { Host = -1, Loss = -0.5 }, row);
            Assert.True(UpdateRows.TryParse(row.AsSpan(0, length - 1), out var record));
            Assert.Equal(-0.5, record.Loss);
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public void TryRead_AtEveryCutOfAFile_GivesTheWholeRowsBeforeIt()
    {
        using (var recorder = new Recorder(folder.Path, Samples.Layout))
        {
            for (var n = 0; n < 3; n++)
            {
                recorder.Push(Samples.Push(n));
            }
        }

        var path = folder.File("updates.csv");
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            using var reader = RunRows.Updates(folder.Path);
            var rows = reader.ReadAll().Count();
            Assert.Null(reader.Problem);
            Assert.Equal(Math.Max(0, whole.AsSpan(0, length).Count((byte)'\n') - 1), rows);
            Assert.Equal(whole.AsSpan(0, length).LastIndexOf((byte)'\n') + 1, reader.Length);
        }
    }

    [Theory]
    [InlineData("event,version\n1,2\n", ":1: other columns")]
    [InlineData("HEADER\n1,2,3\n", ":2: no row of this file: '1,2,3'")]
    [InlineData("HEADER\nROW\n\n", ":3: no row of this file: ''")]
    [InlineData("HEADER\nROW,7\n", ":2: no row of this file")]
    [InlineData("HEADER\nROW\n\0\0\0\0\n", ":3: no row of this file")]
    public void TryRead_OfSomethingElse_EndsWithFileAndLine(string content, string expected)
    {
        var row = new byte[RowWriter.MaximumLength];
        var text = System.Text.Encoding.UTF8.GetString(row, 0, UpdateRows.Format(Samples.Push(1), row) - 1);
        File.WriteAllText(
            folder.File("updates.csv"),
            content.Replace("HEADER", string.Join(',', UpdateRows.Columns), StringComparison.Ordinal).Replace("ROW", text, StringComparison.Ordinal));

        using var reader = RunRows.Updates(folder.Path);
        Assert.InRange(reader.ReadAll().Count(), 0, 1);
        Assert.Contains(folder.File("updates.csv") + expected, reader.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_OfOneEndlessLine_GivesUp()
    {
        File.WriteAllText(folder.File("updates.csv"), new string('1', 3_000_000));
        using var reader = RunRows.Updates(folder.Path);
        Assert.Empty(reader.ReadAll());
        Assert.Contains("a line of more than", reader.Problem, StringComparison.Ordinal);
    }

    private static List<TRecord> ReadAll<TRecord>(RowReader<TRecord> reader)
    {
        using (reader)
        {
            List<TRecord> records = [.. reader.ReadAll()];
            Assert.Null(reader.Problem);
            return records;
        }
    }

    private static IEnumerable<PushRecord> Extremes()
    {
        double[] numbers = [double.Epsilon, double.MaxValue, -double.MaxValue, double.NegativeInfinity, -0.0, 1e23, 0.1 + 0.2];
        foreach (var number in numbers)
        {
            yield return Samples.Push(0) with { Loss = number, GapRms = number, UpdateNorm = number, GradientNorm = number, LearningRate = number };
        }

        yield return Samples.Push(0) with
        {
            Event = long.MaxValue,
            PullEvent = long.MaxValue,
            Worker = int.MaxValue,
            Version = long.MaxValue,
            VersionPulled = 0,
            PulledAt = long.MinValue,
            Host = int.MinValue,
            Decision = PushDecision.Cancelled,
        };
    }
}
