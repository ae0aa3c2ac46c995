using Orchestrator.Abstractions;
using Orchestrator.RunFolders;
using Parquet;
using Parquet.Schema;

namespace Orchestrator.Reports;

/// <summary>
/// A run's rows as Parquet, with the columns of its CSV files: integers of 64 bits, numbers of 64
/// bits with NaN where the CSV has it, texts. Row groups are bounded, so memory is too.
/// </summary>
internal static class ParquetTables
{
    private const int RowsInGroup = 1 << 16;

    private static readonly Column<PushRecord>[] Pushes =
    [
        new Whole<PushRecord>("event", push => push.Event),
        new Whole<PushRecord>("pullEvent", push => push.PullEvent),
        new Whole<PushRecord>("worker", push => push.Worker),
        new Whole<PushRecord>("gradient", push => push.Gradient),
        new Whole<PushRecord>("batch", push => push.Batch),
        new Whole<PushRecord>("samples", push => push.Samples),
        new Word<PushRecord>("decision", push => push.Decision.ToString().ToLowerInvariant()),
        new Whole<PushRecord>("versionPulled", push => push.VersionPulled),
        new Whole<PushRecord>("version", push => push.Version),
        new Whole<PushRecord>("staleness", push => push.Staleness),
        new Whole<PushRecord>("pulledAtNs", push => push.PulledAt),
        new Whole<PushRecord>("arrivedAtNs", push => push.ArrivedAt),
        new Real<PushRecord>("gapRms", push => push.GapRms),
        new Real<PushRecord>("gradientNorm", push => push.GradientNorm),
        new Real<PushRecord>("updateNorm", push => push.UpdateNorm),
        new Real<PushRecord>("loss", push => push.Loss),
        new Real<PushRecord>("learningRate", push => push.LearningRate),
        new Whole<PushRecord>("payloadBytes", push => push.PayloadBytes),
        new Whole<PushRecord>("computeTimeNs", push => push.ComputeTime),
        new Whole<PushRecord>("host", push => push.Host),
    ];

    private static readonly Column<EvaluationRecord>[] Evaluations =
    [
        new Whole<EvaluationRecord>("event", evaluation => evaluation.Event),
        new Whole<EvaluationRecord>("version", evaluation => evaluation.Version),
        new Real<EvaluationRecord>("epoch", evaluation => evaluation.Epoch),
        new Whole<EvaluationRecord>("atNs", evaluation => evaluation.At),
        new Real<EvaluationRecord>("testLoss", evaluation => evaluation.TestLoss),
        new Real<EvaluationRecord>("testAccuracy", evaluation => evaluation.TestAccuracy),
        new Real<EvaluationRecord>("largestPredictedShare", evaluation => evaluation.LargestPredictedShare),
        new Real<EvaluationRecord>("parameterNorm", evaluation => evaluation.ParameterNorm),
        new Whole<EvaluationRecord>("durationNs", evaluation => evaluation.Duration),
    ];

    private static readonly Column<EvaluationRecord>[] MoreSets =
    [
        new Real<EvaluationRecord>("trainLoss", evaluation => evaluation.Train?.Loss ?? double.NaN),
        new Real<EvaluationRecord>("trainAccuracy", evaluation => evaluation.Train?.Accuracy ?? double.NaN),
        new Real<EvaluationRecord>("validationLoss", evaluation => evaluation.Validation?.Loss ?? double.NaN),
        new Real<EvaluationRecord>("validationAccuracy", evaluation => evaluation.Validation?.Accuracy ?? double.NaN),
    ];

    /// <summary>Writes the pushes.</summary>
    public static void WritePushes(RunEntry run, Stream to)
    {
        using var rows = RunRows.Updates(run.Folder);
        Write(rows, Pushes, to);
    }

    /// <summary>Writes the evaluations.</summary>
    public static void WriteEvaluations(RunEntry run, Stream to)
    {
        using var rows = RunRows.Evaluations(run.Folder);
        Write(rows, [.. rows.Columns.Select(name => Evaluations.Concat(MoreSets).First(column => column.Field.Name == name))], to);
    }

    // The library has no other than asynchronous ways to write; a file is written at once.
    private static void Write<TRecord>(RowReader<TRecord> rows, Column<TRecord>[] columns, Stream to) => WriteAsync(rows, columns, to).GetAwaiter().GetResult();

    private static async Task WriteAsync<TRecord>(RowReader<TRecord> rows, Column<TRecord>[] columns, Stream to)
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd };
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(columns.Select(column => column.Field)), to, options, false, default))
        {
            foreach (var group in rows.ReadAll().Chunk(RowsInGroup))
            {
                using var written = writer.CreateRowGroup();
                foreach (var column in columns)
                {
                    await column.WriteAsync(written, group);
                }
            }
        }

        RunExport.ThrowIf(rows.Problem);
    }

    private abstract record Column<TRecord>(DataField Field)
    {
        public abstract Task WriteAsync(ParquetRowGroupWriter to, TRecord[] rows);
    }

    private sealed record Whole<TRecord>(string Name, Func<TRecord, long> Of) : Column<TRecord>(new DataField<long>(Name))
    {
        public override Task WriteAsync(ParquetRowGroupWriter to, TRecord[] rows) => to.WriteAsync<long>(Field, Array.ConvertAll(rows, row => Of(row)).AsMemory());
    }

    private sealed record Real<TRecord>(string Name, Func<TRecord, double> Of) : Column<TRecord>(new DataField<double>(Name))
    {
        public override Task WriteAsync(ParquetRowGroupWriter to, TRecord[] rows) => to.WriteAsync<double>(Field, Array.ConvertAll(rows, row => Of(row)).AsMemory());
    }

    private sealed record Word<TRecord>(string Name, Func<TRecord, string> Of) : Column<TRecord>(new DataField<string>(Name, false))
    {
        public override Task WriteAsync(ParquetRowGroupWriter to, TRecord[] rows) => to.WriteAsync(Field, Array.ConvertAll(rows, row => Of(row)));
    }
}
