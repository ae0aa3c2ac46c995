using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>
/// An event file for TensorBoard: records of length, checksum, content and checksum (TFRecord), of
/// which each is a protocol-buffers message <c>Event</c> with a wall time, a step and a summary of
/// scalars. Steps are versions; wall times are the run's start and its clock.
/// </summary>
internal static class TensorBoardEvents
{
    private const uint MaskDelta = 0xa282ead8;

    // Tags of protocol buffers: field number and wire type.
    private const byte WallTime = (1 << 3) | 1;
    private const byte Step = 2 << 3;
    private const byte FileVersion = (3 << 3) | 2;
    private const byte Summary = (5 << 3) | 2;
    private const byte Value = (1 << 3) | 2;
    private const byte Tag = (1 << 3) | 2;
    private const byte SimpleValue = (2 << 3) | 5;

    /// <summary>As TensorBoard finds it: by <c>tfevents</c> in the name.</summary>
    public static string FileName(RunEntry run) =>
        string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{run.Started.ToUnixTimeSeconds()}.{run.Id}-{run.Attempt}");

    public static void Write(RunEntry run, Stream to)
    {
        var began = run.Started.ToUnixTimeMilliseconds() / 1e3;
        Record(to, [.. Header(began, 0), FileVersion, .. Text("brain.Event:2")]);
        using (var pushes = RunRows.Updates(run.Folder))
        {
            while (pushes.TryRead(out var push))
            {
                if (push.Decision != PushDecision.Cancelled)
                {
                    Scalars(to, began + (push.ArrivedAt / 1e9), push.Version, ("train/loss", push.Loss), ("train/staleness", push.Staleness), ("train/gap_rms", push.GapRms),
                        ("train/gradient_norm", push.GradientNorm), ("train/update_norm", push.UpdateNorm), ("train/learning_rate", push.LearningRate));
                }
            }

            RunExport.ThrowIf(pushes.Problem);
        }

        using var evaluations = RunRows.Evaluations(run.Folder);
        while (evaluations.TryRead(out var evaluation))
        {
            Scalars(to, began + (evaluation.At / 1e9), evaluation.Version, ("test/loss", evaluation.TestLoss), ("test/accuracy", evaluation.TestAccuracy),
                ("test/parameter_norm", evaluation.ParameterNorm));
            if (evaluation.Train is { } train)
            {
                // What pushes bring is train/loss.
                Scalars(to, began + (evaluation.At / 1e9), evaluation.Version, ("train/evaluated_loss", train.Loss), ("train/evaluated_accuracy", train.Accuracy));
            }

            if (evaluation.Validation is { } validation)
            {
                Scalars(to, began + (evaluation.At / 1e9), evaluation.Version, ("validation/loss", validation.Loss), ("validation/accuracy", validation.Accuracy));
            }
        }

        RunExport.ThrowIf(evaluations.Problem);
    }

    /// <summary>
    /// The checksum of TFRecord: CRC-32C, rotated and shifted so that a checksum of checksums is no
    /// weak one.
    /// </summary>
    internal static uint MaskedChecksum(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        foreach (var value in content)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }

    // What has no value in a row, a norm of an update that a push did not make, has none here.
    private static void Scalars(Stream to, double time, long step, params ReadOnlySpan<(string Tag, double Value)> scalars)
    {
        var summary = new List<byte>();
        foreach (var (tag, value) in scalars)
        {
            if (!double.IsNaN(value))
            {
                var number = new byte[4];
                BinaryPrimitives.WriteSingleLittleEndian(number, (float)value);
                byte[] entry = [Tag, .. Text(tag), SimpleValue, .. number];
                summary.AddRange([Value, .. Varint((ulong)entry.Length), .. entry]);
            }
        }

        Record(to, [.. Header(time, step), Summary, .. Varint((ulong)summary.Count), .. summary]);
    }

    private static byte[] Header(double time, long step)
    {
        var number = new byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(number, time);
        return [WallTime, .. number, Step, .. Varint((ulong)step)];
    }

    private static void Record(Stream to, byte[] content)
    {
        Span<byte> length = stackalloc byte[8];
        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(length, content.Length);
        to.Write(length);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedChecksum(length));
        to.Write(checksum);
        to.Write(content);
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, MaskedChecksum(content));
        to.Write(checksum);
    }

    private static byte[] Text(string text) => [.. Varint((ulong)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
