using System.Buffers.Binary;
using System.Security.Cryptography;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>
/// One number for a whole run: SHA-256 over every push record, every evaluation and the final
/// parameters, as fixed little-endian records. Left out is what depends on real time, host or
/// transport: <see cref="PushRecord.ComputeTime"/>, <see cref="PushRecord.Host"/>,
/// <see cref="EvaluationRecord.Duration"/>, and events. Pushes and evaluations form a chain each,
/// so that only the order within a kind counts: an evaluation names the event it belongs to. Not
/// thread-safe.
/// </summary>
public sealed class RunDigest
{
    private const int PushLength = (9 * sizeof(long)) + (3 * sizeof(int)) + (5 * sizeof(double));
    private const int EvaluationLength = (3 * sizeof(long)) + (5 * sizeof(double));
    private const int MoreSetsLength = 4 * sizeof(double);
    private const uint CanonicalNaN = 0x7FC0_0000;

    private readonly DigestChain pushes = new(PushLength);
    private readonly DigestChain evaluations = new(EvaluationLength);

    // A chain of its own, so that runs without further sets have the digest that they always had.
    private readonly DigestChain moreSets = new(MoreSetsLength);

    /// <summary>Takes up where <see cref="Export"/> left off.</summary>
    /// <exception cref="InvalidDataException">The state does not fit this version's
    /// records.</exception>
    public static RunDigest Import(RunDigestState state)
    {
        var digest = new RunDigest();
        digest.pushes.Import(state.Pushes);
        digest.evaluations.Import(state.Evaluations);
        if (state.MoreSets is { } moreSets)
        {
            digest.moreSets.Import(moreSets);
        }

        return digest;
    }

    public void Add(in PushRecord record)
    {
        var bytes = new LittleEndianWriter(pushes.Next);
        bytes.Add(record.Event);
        bytes.Add(record.PullEvent);
        bytes.Add(record.Worker);
        bytes.Add(record.Gradient);
        bytes.Add(record.Batch);
        bytes.Add(record.Samples);
        bytes.Add((int)record.Decision);
        bytes.Add(record.VersionPulled);
        bytes.Add(record.Version);
        bytes.Add(record.PulledAt);
        bytes.Add(record.ArrivedAt);
        bytes.Add(record.GapRms);
        bytes.Add(record.GradientNorm);
        bytes.Add(record.UpdateNorm);
        bytes.Add(record.Loss);
        bytes.Add(record.LearningRate);
        bytes.Add(record.PayloadBytes);
        pushes.Commit();
    }

    public void Add(in EvaluationRecord record)
    {
        var bytes = new LittleEndianWriter(evaluations.Next);
        bytes.Add(record.Event);
        bytes.Add(record.Version);
        bytes.Add(record.Epoch);
        bytes.Add(record.At);
        bytes.Add(record.TestLoss);
        bytes.Add(record.TestAccuracy);
        bytes.Add(record.LargestPredictedShare);
        bytes.Add(record.ParameterNorm);
        evaluations.Commit();
        if (record.HasMoreSets)
        {
            var more = new LittleEndianWriter(moreSets.Next);
            more.Add(record.Train?.Loss ?? double.NaN);
            more.Add(record.Train?.Accuracy ?? double.NaN);
            more.Add(record.Validation?.Loss ?? double.NaN);
            more.Add(record.Validation?.Accuracy ?? double.NaN);
            moreSets.Commit();
        }
    }

    /// <summary>
    /// What a checkpoint needs so that the digest can go on from here in another process.
    /// </summary>
    public RunDigestState Export() => new(pushes.Export(), evaluations.Export(), moreSets.Records == 0 ? null : moreSets.Export());

    /// <summary>
    /// The digest of all records so far and these parameters: 64 hexadecimal digits, lower case.
    /// </summary>
    public string Finish(ReadOnlySpan<float> finalParameters)
    {
        const int Length = (3 * SHA256.HashSizeInBytes) + (3 * sizeof(long));
        Span<byte> parts = stackalloc byte[Length + SHA256.HashSizeInBytes + sizeof(long)];
        pushes.CopyLink(parts);
        evaluations.CopyLink(parts[32..]);
        HashParameters(finalParameters, parts[64..]);
        var counts = new LittleEndianWriter(parts[96..]);
        counts.Add(pushes.Records);
        counts.Add(evaluations.Records);
        counts.Add((long)finalParameters.Length);
        counts.Add(moreSets.Records);
        moreSets.CopyLink(parts[^SHA256.HashSizeInBytes..]);
        return Convert.ToHexStringLower(SHA256.HashData(moreSets.Records == 0 ? parts[..Length] : parts));
    }

    private static void HashParameters(ReadOnlySpan<float> parameters, Span<byte> destination)
    {
        const int Chunk = 4096;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = new byte[Chunk * sizeof(float)];
        for (var start = 0; start < parameters.Length; start += Chunk)
        {
            var part = parameters[start..Math.Min(start + Chunk, parameters.Length)];
            for (var i = 0; i < part.Length; i++)
            {
                var bits = float.IsNaN(part[i]) ? CanonicalNaN : BitConverter.SingleToUInt32Bits(part[i]);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(float)), bits);
            }

            hash.AppendData(bytes, 0, part.Length * sizeof(float));
        }

        hash.GetHashAndReset(destination);
    }
}
