using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>The memory that a run takes, in bytes.</summary>
/// <param name="InFlight">Vectors that gradients in flight are computed on: one per worker, one for
/// all that are sent the same, twice that when pulls overlap.</param>
/// <param name="PerWorkerState">What the optimizer and the worker rule keep for each
/// worker.</param>
/// <param name="GradientBuffers">Results on their way: a few per core.</param>
/// <param name="Buffered">Pushes that the consistency model holds back.</param>
/// <param name="Replicas">Two per core, one to train with and one to evaluate with.</param>
/// <param name="Server">Parameters, state of the rules.</param>
/// <param name="Workers">About 200 bytes per worker.</param>
/// <param name="Data">The samples, where the data set says.</param>
public sealed record MemoryEstimate(long InFlight, long PerWorkerState, long GradientBuffers, long Buffered, long Replicas, long Server, long Workers, long Data)
{
    private const int BuffersPerCore = 4;
    private const int ServerVectors = 4;
    private const int BytesPerWorker = 200;

    public long Total => (long)Math.Min(long.MaxValue, (decimal)InFlight + PerWorkerState + GradientBuffers + Buffered + Replicas + Server + Workers + Data);

    /// <summary>The parameters, with what a model buffers beside them.</summary>
    public long Parameters => Server / ServerVectors;

    /// <summary>At most what a checkpoint holds.</summary>
    public long Checkpoint => InFlight + PerWorkerState + Buffered + Server + Workers;

    /// <summary>In words: <c>about 9.2 MB (vectors in flight 0.9 MB, ...)</c>.</summary>
    public override string ToString()
    {
        (string Name, long Bytes)[] parts =
        [
            ("vectors in flight", InFlight), ("state per worker", PerWorkerState), ("gradient buffers", GradientBuffers), ("buffered pushes", Buffered),
            ("replicas", Replicas), ("server", Server), ("workers", Workers), ("data", Data),
        ];
        return $"about {Size(Total)} ({string.Join(", ", parts.Where(p => p.Bytes > 0).Select(p => $"{p.Name} {Size(p.Bytes)}"))})";
    }

    /// <summary>Bytes in MB or GB.</summary>
    internal static string Size(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 20):0.0} MB");

    internal static MemoryEstimate Of(ResolvedPipeline pipeline, IObjective objective, long replica, IOptimizer optimizer, IWorkerRule? rule, IConsistency consistency, int cores, long data)
    {
        var workers = pipeline.Workers.Count;
        var parameters = objective.Layout.Length;
        var vector = 4m * (parameters + objective.Layout.BufferLength);
        var state = 4m * (rule?.StateLength(parameters) ?? 0);
        return new MemoryEstimate(
            InFlight: Bytes(vector * (optimizer.SendsParameters && consistency.OneVersion ? 1 : workers) * (pipeline.Workers.OverlapPulls ? 2 : 1)),
            PerWorkerState: Bytes(workers * (state + (optimizer.PerWorker ? vector : 0))),
            GradientBuffers: Bytes((vector + state) * BuffersPerCore * cores),
            Buffered: Bytes(vector * consistency.LargestBuffer(workers)),
            Replicas: Bytes(((decimal)replica + (vector * (rule?.ScratchVectors ?? 0))) * cores),
            Server: Bytes(vector * ServerVectors),
            Workers: (long)BytesPerWorker * workers,
            Data: data);
    }

    private static long Bytes(decimal bytes) => (long)Math.Min(long.MaxValue, bytes);
}
