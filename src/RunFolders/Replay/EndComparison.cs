using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.RunFolders;

/// <summary>
/// Compares what a run folder says beside its rows with what a replay gives: partitions, final
/// parameters, summary, digest.
/// </summary>
public static class EndComparison
{
    // What else a summary says is of real time, of the machine, or of the attempt.
    private static readonly string[] Verified =
        ["updates", "testAccuracy", "testLoss", "trainAccuracy", "trainLoss", "validationAccuracy", "validationLoss", "staleness", "gap", "pushes", "samples", "workers", "virtualSeconds", "digest"];

    private const int LongestHeader = 16 << 20;

    /// <summary>
    /// Compares <c>partitions.csv</c>; null where it is the same, or where the run has none.
    /// </summary>
    public static Difference? Partitions(string folder, PartitionSkew replayed)
    {
        var file = new FileInfo(Path.Combine(folder, PartitionRows.FileName));
        if (!file.Exists)
        {
            return null;
        }

        var expected = PartitionRows.Format(replayed);
        if (file.Length > 2L * expected.Length)
        {
            return new Difference(PartitionRows.FileName, 0, null, "length", $"{file.Length} bytes", $"{expected.Length} bytes");
        }

        byte[] recordedBytes;
        try
        {
            recordedBytes = RegularFile.ReadAllBytes(file.FullName, 2L * expected.Length);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new Difference(PartitionRows.FileName, 0, null, "", unreadable.Message, "");
        }

        string[] before = Encoding.UTF8.GetString(recordedBytes).TrimEnd('\n').Split('\n'), now = Encoding.UTF8.GetString(expected).TrimEnd('\n').Split('\n');
        for (var i = 0; i < Math.Max(before.Length, now.Length); i++)
        {
            string recorded = i < before.Length ? before[i] : "", here = i < now.Length ? now[i] : "";
            if (recorded != here)
            {
                return new Difference(PartitionRows.FileName, i + 1, null, "", recorded, here);
            }
        }

        return null;
    }

    /// <summary>Compares <c>parameters.safetensors</c> bit for bit.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="layout">Names and places of the tensors.</param>
    /// <param name="vector">The replay's parameters, then its buffers.</param>
    /// <exception cref="InvalidDataException">The file cannot be read as one.</exception>
    public static Difference? Parameters(string folder, ParameterLayout layout, ReadOnlySpan<float> vector)
    {
        var file = new FileInfo(Path.Combine(folder, Safetensors.ParametersFileName));
        if (file.Exists && file.Length > (sizeof(float) * (long)vector.Length) + LongestHeader)
        {
            return new Difference(Safetensors.ParametersFileName, 0, null, "length", $"{file.Length} bytes", $"{vector.Length} values");
        }

        var saved = Safetensors.Read(file.FullName, (sizeof(float) * (long)vector.Length) + LongestHeader);
        return Tensors(saved, layout.Parameters, vector[..layout.Length]) ?? Tensors(saved, layout.Buffers, vector[layout.Length..]);
    }

    /// <summary>Compares the summary and the digest in <c>run.json</c>.</summary>
    /// <param name="run">The run, which ended in order.</param>
    /// <param name="outcome">The replay's, with the run's own status.</param>
    /// <param name="verifier">The replay's records.</param>
    /// <param name="parameters">Of the replay, without buffers.</param>
    public static Difference? Document(RunEntry run, RunOutcome outcome, RecordVerifier verifier, ReadOnlySpan<float> parameters)
    {
        var digest = verifier.Digest.Finish(parameters);
        if (run.Document is not { Summary: { } summary } document)
        {
            return null;
        }

        var replayed = Summaries.Make(document, run.Folder, outcome, verifier.Statistics, digest);
        using JsonDocument before = JsonDocument.Parse(summary.ToJson()), now = JsonDocument.Parse(replayed.ToJson());
        foreach (var key in Verified)
        {
            string recorded = Text(before, key), here = Text(now, key);
            if (recorded != here)
            {
                return new Difference(RunDocument.FileName, 0, null, $"summary.{key}", recorded, here);
            }
        }

        return document.Digest == digest ? null : new Difference(RunDocument.FileName, 0, null, "digest", document.Digest ?? "", digest);
    }

    // Of a set that is not evaluated there is nothing.
    private static string Text(JsonDocument summary, string key) => summary.RootElement.TryGetProperty(key, out var value) ? value.GetRawText() : "";

    private static Difference? Tensors(IReadOnlyDictionary<string, SavedTensor> saved, IEnumerable<NamedTensor> tensors, ReadOnlySpan<float> vector)
    {
        foreach (var tensor in tensors)
        {
            if (!saved.TryGetValue(tensor.Name, out var recorded) || recorded.Values.Length != tensor.Length)
            {
                return new Difference(Safetensors.ParametersFileName, 0, null, tensor.Name, recorded is null ? "" : $"{recorded.Values.Length} values", $"{tensor.Length} values");
            }

            var replayed = vector.Slice(tensor.Offset, tensor.Length);
            for (var i = 0; i < replayed.Length; i++)
            {
                if (BitConverter.SingleToUInt32Bits(recorded.Values[i]) != BitConverter.SingleToUInt32Bits(replayed[i]))
                {
                    return new Difference(Safetensors.ParametersFileName, 0, null, $"{tensor.Name}[{i}]", Number(recorded.Values[i]), Number(replayed[i]));
                }
            }
        }

        return null;
    }

    private static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
