using System.Buffers.Binary;
using System.Reflection;
using System.Security.Cryptography;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class RunDigestTests
{
    private static readonly string[] OutsideTheDigest = [nameof(PushRecord.ComputeTime), nameof(PushRecord.Host), nameof(EvaluationRecord.Duration)];

    public static TheoryData<string> PushFields => [.. Samples.Fields<PushRecord>().Select(p => p.Name)];

    public static TheoryData<string> EvaluationFields => [.. Samples.Fields<EvaluationRecord>().Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(PushFields))]
    public void Digest_OfChangedPushField_ChangesUnlessTheFieldIsOutside(string name)
    {
        var property = typeof(PushRecord).GetProperty(name)!;
        string before = Of([Samples.Push(5)], []), after = Of([Samples.With(Samples.Push(5), property)], []);
        Assert.Equal(OutsideTheDigest.Contains(name), before == after);
    }

    [Theory]
    [MemberData(nameof(EvaluationFields))]
    public void Digest_OfChangedEvaluationField_ChangesUnlessTheFieldIsOutside(string name)
    {
        var property = typeof(EvaluationRecord).GetProperty(name)!;
        string before = Of([], [Samples.Evaluation(5)]), after = Of([], [Samples.With(Samples.Evaluation(5), property)]);
        Assert.Equal(OutsideTheDigest.Contains(name), before == after);
    }

    [Fact]
    public void Digest_OfOtherOrder_Differs() =>
        Assert.NotEqual(Of([Samples.Push(1), Samples.Push(2)], []), Of([Samples.Push(2), Samples.Push(1)], []));

    [Fact]
    public void Digest_OfOtherParameters_Differs() =>
        Assert.NotEqual(new RunDigest().Finish([1f, 2f]), new RunDigest().Finish([1f, 2.0000002f]));

    [Fact]
    public void Digest_OfAnyNaN_IsTheSame()
    {
        var otherNaN = BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8_0000_0000_1234));
        var otherFloatNaN = BitConverter.Int32BitsToSingle(unchecked((int)0xFFC0_1234));
        Assert.Equal(Of([Samples.Push(1) with { Loss = double.NaN }], []), Of([Samples.Push(1) with { Loss = otherNaN }], []));
        Assert.Equal(new RunDigest().Finish([float.NaN]), new RunDigest().Finish([otherFloatNaN]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void Digest_TakenUpFromItsState_IsThatOfAnUninterruptedRun(int records)
    {
        var whole = new RunDigest();
        var part = new RunDigest();
        for (var n = 0; n < records; n++)
        {
            whole.Add(Samples.Push(n));
            part.Add(Samples.Push(n));
        }

        part.Add(Samples.Evaluation(1));
        whole.Add(Samples.Evaluation(1));
        part = RunDigest.Import(part.Export());
        for (var n = records; n < 300; n++)
        {
            whole.Add(Samples.Push(n));
            part.Add(Samples.Push(n));
        }

        Assert.Equal(whole.Finish([1f]), part.Finish([1f]));
    }

    [Fact]
    public void Import_OfStateThatDoesNotFit_IsRefused()
    {
        var state = new RunDigest().Export();
        Assert.Throws<InvalidDataException>(() => RunDigest.Import(state with { Pushes = state.Pushes with { Records = 3 } }));
    }

    // The layout that docs/ref-run-folder.md promises, by hand: a change of it changes the digest
    // of every run ever made.
    [Fact]
    public void Digest_OfOnePushAndOneEvaluation_IsThatOfTheDocumentedBytes()
    {
        var p = Samples.Push(5);
        var e = Samples.Evaluation(5);
        var push = Bytes(
            p.Event, p.PullEvent, p.Worker, p.Gradient, p.Batch, p.Samples, (int)p.Decision, p.VersionPulled, p.Version, p.PulledAt, p.ArrivedAt,
            p.GapRms, p.GradientNorm, p.UpdateNorm, p.Loss, p.LearningRate, p.PayloadBytes);
        var evaluation = Bytes(e.Event, e.Version, e.Epoch, e.At, e.TestLoss, e.TestAccuracy, e.LargestPredictedShare, e.ParameterNorm);
        var parameters = SHA256.HashData(Bytes(1.5f, -2f));
        byte[] whole =
            [.. SHA256.HashData([.. new byte[32], .. push]), .. SHA256.HashData([.. new byte[32], .. evaluation]), .. parameters, .. Bytes(1L, 1L, 2L)];

        var digest = new RunDigest();
        digest.Add(in p);
        digest.Add(in e);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(whole)), digest.Finish([1.5f, -2f]));
    }

    [Fact]
    public void Digest_WithMoreSets_IsThatOfTheDocumentedBytes_AndGoesOnFromItsState()
    {
        var e = Samples.Evaluation(5) with { Train = new SetScore(0.5, 75), Validation = new SetScore(0.75, 62.5) };
        var f = Samples.Evaluation(6) with { Validation = new SetScore(0.25, 80) };
        byte[] Plain(EvaluationRecord r) => Bytes(r.Event, r.Version, r.Epoch, r.At, r.TestLoss, r.TestAccuracy, r.LargestPredictedShare, r.ParameterNorm);
        const long NaN = 0x7FF8_0000_0000_0000;
        var more = Bytes(0.5, 75.0, 0.75, 62.5, NaN, NaN, 0.25, 80.0);
        byte[] whole =
        [
            .. new byte[32], .. SHA256.HashData([.. new byte[32], .. Plain(e), .. Plain(f)]), .. SHA256.HashData(Bytes(1.5f)), .. Bytes(0L, 2L, 1L, 2L),
            .. SHA256.HashData([.. new byte[32], .. more]),
        ];

        var digest = new RunDigest();
        digest.Add(in e);
        digest = RunDigest.Import(digest.Export());
        digest.Add(in f);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(whole)), digest.Finish([1.5f]));
    }

    private static byte[] Bytes(params object[] values)
    {
        using var stream = new MemoryStream();
        Span<byte> bytes = stackalloc byte[8];
        foreach (var value in values)
        {
            var length = value is int or float ? 4 : 8;
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value switch
            {
                int number => number,
                float number => BitConverter.SingleToInt32Bits(number),
                double number => BitConverter.DoubleToInt64Bits(number),
                object number => (long)number,
            });
            stream.Write(bytes[..length]);
        }

        return stream.ToArray();
    }

    private static string Of(PushRecord[] pushes, EvaluationRecord[] evaluations)
    {
        var digest = new RunDigest();
        foreach (var push in pushes)
        {
            digest.Add(in push);
        }

        foreach (var evaluation in evaluations)
        {
            digest.Add(in evaluation);
        }

        return digest.Finish([1f, 2f]);
    }
}
