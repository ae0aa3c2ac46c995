using System.Reflection;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

/// <summary>Records with values worth writing down, made from a number.</summary>
internal static class Samples
{
    public static ParameterLayout Layout { get; } = new(
        [new NamedTensor("conv1.weight", [2, 1, 3, 3], 0), new NamedTensor("conv1.bias", [2], 18)],
        [new NamedTensor("bn1.running_mean", [2], 0)]);

    public static PushRecord Push(long n) => new()
    {
        Event = (2 * n) + 1,
        PullEvent = n,
        Worker = (int)(n % 7),
        Gradient = n / 7,
        Batch = n / 7 * 3,
        Samples = 32,
        Decision = n % 11 == 10 ? PushDecision.Dropped : PushDecision.Applied,
        VersionPulled = Math.Max(0, n - (n % 5)),
        Version = n,
        PulledAt = n * 1_000_003,
        ArrivedAt = (n + 1) * 1_000_003,
        GapRms = 1.0 / (n + 3),
        GradientNorm = Math.Sqrt(n + 2.0),
        UpdateNorm = n % 11 == 10 ? double.NaN : 0.1 * Math.Sqrt(n + 2.0),
        Loss = 2.302585092994046 / (n + 1),
        LearningRate = 0.005,
        PayloadBytes = 177_704,
        ComputeTime = 2_345_678 + n,
        Host = (int)(n % 2),
    };

    public static EvaluationRecord Evaluation(long n) => new()
    {
        Event = n * 10,
        Version = n * 5,
        Epoch = n / 3.0,
        At = n * 5_000_015,
        TestLoss = 1.0 / (n + 1),
        TestAccuracy = 50 + n,
        LargestPredictedShare = 0.1,
        ParameterNorm = 3.5,
        Duration = 123_456 + n,
    };

    public static RunDescription Description { get; } = new()
    {
        ProgramVersion = "0.1.0",
        KernelPath = "managed/avx2",
        DatasetFingerprint = "00ff",
        IsVirtual = true,
        Workers = 7,
        Classes = 10,
        Options = new Dictionary<string, string> { ["threads"] = "2" },
    };

    /// <summary>
    /// A checkpoint of a run, at the end of its record, is written where there is none.
    /// </summary>
    public static CheckpointHeader Checkpoint(string folder, long version)
    {
        if (new CheckpointFolder(folder).OpenNewest([]) is { } newest)
        {
            newest.State.Dispose();
            return newest.Header with { Version = version };
        }

        using var recorder = new Recorder(folder, Layout);
        var header = new CheckpointHeader(version, 1, recorder.Flush());
        new CheckpointFolder(folder).Write(header, _ => { });
        return header;
    }

    /// <summary>The same record with one property changed.</summary>
    public static TRecord With<TRecord>(TRecord record, PropertyInfo property)
        where TRecord : struct
    {
        object boxed = record;
        var value = property.GetValue(boxed);
        property.SetValue(boxed, value switch
        {
            int number => number + 1,
            long number => number + 1,
            double number => Math.BitIncrement(number),
            PushDecision decision => decision == PushDecision.Applied ? PushDecision.Buffered : PushDecision.Applied,
            null when property.PropertyType == typeof(SetScore?) => new SetScore(0.5, 50),
            _ => throw new NotSupportedException($"{property.Name} is a {property.PropertyType}: say how it changes."),
        });
        return (TRecord)boxed;
    }

    /// <summary>The settable properties: those that a record holds.</summary>
    public static IEnumerable<PropertyInfo> Fields<TRecord>() => typeof(TRecord).GetProperties().Where(p => p.CanWrite);
}
