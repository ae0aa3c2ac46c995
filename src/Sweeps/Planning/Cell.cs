using Orchestrator.Abstractions;
using Orchestrator.Composition;
using Orchestrator.Statistics;

namespace Orchestrator.Sweeps;

/// <summary>One combination of axis values; its runs differ by seed only.</summary>
/// <param name="Index">Its place among the sweep's cells, from 0.</param>
/// <param name="Values">One per axis.</param>
/// <param name="Pipeline">Its pipeline, with the pipeline's own seed.</param>
/// <param name="Label">The axes' values in one line; empty where there is no axis.</param>
public sealed record Cell(int Index, IReadOnlyList<AxisValue> Values, ResolvedPipeline Pipeline, string Label)
{
    /// <summary>
    /// Under what results are kept: a hash of the pipeline without name, seed, streams and, on the
    /// virtual clock, transport, with the contents of files and of the data. 24 hexadecimal digits.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>The memory that one run takes.</summary>
    public required MemoryEstimate Memory { get; init; }

    /// <summary>The data's shape.</summary>
    public required DatasetShape Shape { get; init; }

    /// <summary>What somebody published for it; null where nothing is.</summary>
    public PublishedValue? Published { get; init; }

    public override string ToString() => Label.Length == 0 ? Pipeline.Name : Label;
}

/// <summary>One cell with one seed: what is run, once.</summary>
/// <param name="Cell">Its cell.</param>
/// <param name="Levels">Its seed, and seeds of single streams.</param>
/// <param name="Key">Hash of the cell's key, the seed and the seeds of streams. 24 hexadecimal
/// digits.</param>
public sealed record PlannedRun(Cell Cell, SeedLevels Levels, string Key)
{
    /// <summary>All seeds of single streams, those that are the same in all runs too.</summary>
    public IReadOnlyDictionary<string, long> Streams
    {
        get
        {
            var streams = new Dictionary<string, long>(Cell.Pipeline.Streams?.Seeds ?? new Dictionary<string, long>());
            foreach (var (name, seed) in Levels.Streams)
            {
                streams[name] = seed;
            }

            return streams;
        }
    }

    /// <summary>The pipeline that is run.</summary>
    public ResolvedPipeline Pipeline => Cell.Pipeline.With(Levels.Seed, Levels.Streams);

    public override string ToString() => Cell.Label.Length == 0 ? Levels.ToString() : $"{Cell.Label}, {Levels}";
}
