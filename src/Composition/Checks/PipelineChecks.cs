using Orchestrator.Abstractions;

namespace Orchestrator.Composition;

/// <summary>
/// All checks, in order: the first ones find what the later ones need. What a check found is kept
/// for documents that are the same in all that it reads.
/// </summary>
internal sealed class PipelineChecks
{
    private static readonly IPipelineCheck[] All =
    [
        new DataCheck(), new ShapeCheck(), new StopCheck(), new SnapshotCheck(), new OverrideCheck(), new AbsenceCheck(), new ComputeCheck(), new DelayCheck(), new ReplicaCheck(),
        new EvaluationCheck(), new PartitionCheck(), new ConsistencyCheck(), new AttachCheck(), new PayloadCheck(), new MemoryCheck(),
    ];

    private readonly Dictionary<FindingKey, Finding> known = [];

    /// <param name="context">The document.</param>
    /// <param name="number">A number for what a key of the document holds: equal numbers, equal
    /// values.</param>
    public void Run(CheckContext context, Func<string, int> number)
    {
        for (var i = 0; i < All.Length; i++)
        {
            var key = FindingKey.Of(i, All[i].Reads, All[i].Detail(context.Pipeline), number);
            if (!known.TryGetValue(key, out var finding))
            {
                known.Add(key, finding = Find(All[i], context));
            }

            context.Mistakes.Add(finding.Mistakes);
            context.Data = finding.Data ?? context.Data;
            context.Objective = finding.Objective ?? context.Objective;
            context.ReplicaBytes = finding.ReplicaBytes ?? context.ReplicaBytes;
            context.Memory = finding.Memory ?? context.Memory;
        }
    }

    private static Finding Find(IPipelineCheck check, CheckContext context)
    {
        var mistakes = new Mistakes();
        var own = context with { Mistakes = mistakes, Plugins = context.Plugins.For(mistakes) };
        check.Run(own);
        return new Finding(
            mistakes.ToList(),
            own.Data == context.Data ? null : own.Data,
            own.Objective == context.Objective ? null : own.Objective,
            own.ReplicaBytes == context.ReplicaBytes ? null : own.ReplicaBytes,
            own.Memory == context.Memory ? null : own.Memory);
    }

    /// <summary>What a check said, and what it found out for later ones.</summary>
    private sealed record Finding(IReadOnlyList<Mistake> Mistakes, DatasetShape? Data, IObjective? Objective, long? ReplicaBytes, MemoryEstimate? Memory);

    private readonly record struct FindingKey(int Check, long Detail, int A, int B, int C, int D, int E)
    {
        public static FindingKey Of(int check, IReadOnlyList<string> reads, long detail, Func<string, int> number)
        {
            return new FindingKey(check, detail, At(0), At(1), At(2), At(3), At(4));

            int At(int i) => i < reads.Count ? number(reads[i]) : -1;
        }
    }
}
