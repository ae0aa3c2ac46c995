using System.Buffers.Binary;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

/// <summary>
/// Each archive is wrong in one way; the message names file and array, the value, and what is
/// expected, and no memory is spent on it.
/// </summary>
public sealed class HostileNpzTests : IDisposable
{
    private static readonly Dictionary<string, (Func<byte[]> Content, string[] Message)> Cases = new()
    {
        ["empty"] = (() => [], ["damaged, or cannot be read"]),
        ["text"] = (() => "not an archive at all"u8.ToArray(), ["damaged, or cannot be read"]),
        ["truncated archive"] = (() => Whole()[..^30], ["damaged"]),
        ["no arrays"] = (() => NpyBytes.Zip(true), ["no array 'x_train' (inputs); it has none"]),
        ["other names"] = (() => NpyBytes.Zip(true, ("images", NpyBytes.Bytes([3, 2], i => i))), ["no array 'x_train' (inputs); it has images"]),
        ["no magic"] = (() => With("x_train", new byte[40]), ["x_train: it is damaged", "0x0000000000000000", "not as an .npy file"]),
        ["version 4"] = (() => With("x_train", NpyBytes.Raw(Header("|u1", "(12, 4)"), new byte[48], version: 4)), ["it starts with 0x934e554d50590400"]),
        ["half a header"] = (() => With("x_train", NpyBytes.Bytes([12, 4], i => i)[..50]), ["x_train: it is truncated"]),
        ["no dictionary"] = (() => With("x_train", NpyBytes.Raw("nothing", new byte[48])), ["no descr, fortran_order and shape"]),
        ["records"] = (
            () => With("x_train", NpyBytes.Raw("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (12, 1), }", new byte[48])),
            ["its elements are records"]),
        ["objects"] = (() => With("x_train", NpyBytes.Raw(Header("|O", "(12, 4)"), new byte[48])), ["its elements are of type |O; bool, int8"]),
        ["complex"] = (() => With("x_train", NpyBytes.Raw(Header("<c8", "(12, 4)"), new byte[384])), ["of type <c8"]),
        ["negative size"] = (() => With("x_train", NpyBytes.Raw(Header("|u1", "(-12, 4)"), new byte[48])), ["no descr, fortran_order and shape"]),
        ["astronomical"] = (
            () => With("x_train", NpyBytes.Raw(Header("<f8", "(2147483647, 2147483647, 2147483647)"), new byte[48])),
            ["float64 [2147483647, 2147483647, 2147483647]", "truncated"]),
        ["beyond 32 bits"] = (
            () => With("x_train", NpyBytes.Raw(Header("|u1", "(4294967308, 4)"), new byte[48])), ["its shape (4294967308, 4) is none that is read"]),
        ["truncated array"] = (() => With("x_train", NpyBytes.Bytes([12, 4], i => i)[..^1]), ["uint8 [12, 4]", "make 176 bytes, but it has 175", "truncated"]),
        ["over-long array"] = (() => With("x_train", [.. NpyBytes.Bytes([12, 4], i => i), 1]), ["over-long"]),
        ["no samples"] = (() => With("x_train", NpyBytes.Bytes([0, 4], i => i)), ["uint8 [0, 4] has no elements"]),
        ["a scalar"] = (() => With("x_train", NpyBytes.Raw(Header("|u1", "()"), [1])), ["uint8 []; inputs are [samples, features]"]),
        ["five axes"] = (() => With("x_train", NpyBytes.Bytes([12, 1, 2, 1, 2], i => i)), ["uint8 [12, 1, 2, 1, 2]; inputs are"]),
        ["labels of another count"] = (() => With("y_train", NpyBytes.Labels(11, _ => 0)), ["y_train: it is int64 [11]; labels are whole numbers [12]"]),
        ["labels in floats"] = (() => With("y_train", NpyBytes.Floats([12], _ => 0)), ["y_train: it is float32 [12]; labels are whole numbers"]),
        ["one-hot labels"] = (() => With("y_train", NpyBytes.Bytes([12, 3], _ => 0)), ["uint8 [12, 3]; labels are whole numbers [12]"]),
        ["a negative label"] = (() => With("y_train", NpyBytes.Labels(12, i => i == 7 ? -1 : 0)), ["label number 7 (counted from 0) is -1"]),
        ["an enormous label"] = (
            () => With("y_test", NpyBytes.Labels(6, i => i == 5 ? long.MaxValue : 0)),
            ["y_test: label number 5 (counted from 0) is 9223372036854775807; labels are 0 to"]),
        ["other test inputs"] = (() => With("x_test", NpyBytes.Bytes([6, 5], i => i)), ["x_test: it is uint8 [6, 5]; the training inputs are uint8 [12, 4]"]),
        ["not a number"] = (
            () => With(NpyBytes.Floats([12, 4], i => i == 13 ? float.NaN : i), NpyBytes.Floats([6, 4], i => i)),
            ["x_train: sample 3, element 1 (both counted from 0) is NaN"]),
        ["infinite in Fortran order"] = (() => With(
            NpyBytes.Of<float>("<f4", [12, 4], [.. Enumerable.Range(0, 48).Select(i => i == 13 ? float.NegativeInfinity : i)], fortran: true),
            NpyBytes.Floats([6, 4], i => i)), ["sample 1, element 1"]),
        ["a flipped bit"] = (() => Flipped(NpyBytes.Zip(false, NpyBytes.Set([4]))), ["checksum is not the one that the archive records"]),
        ["a bomb"] = (() => With("x_train", [.. NpyBytes.Raw(Header("|u1", "(12, 4)"), []), .. new byte[1 << 26]]), ["over-long"]),
        ["too much"] = (
            () => With("x_train", [.. NpyBytes.Raw(Header("|u1", "(12, 89478486)"), []), .. new byte[12 * 89_478_486]]),
            ["at most 1,073,741,824 are read from one array"]),
        ["an entry that claims gigabytes"] = (() => Claiming(NpyBytes.Zip(true, NpyBytes.Set([4]))), ["x_train: it claims", "which cannot be"]),
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Names => [.. Cases.Keys];

    public void Dispose() => folder.Dispose();

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public void A_wrong_archive_is_named_with_what_is_wrong(string name)
    {
        var (content, parts) = Cases[name];
        folder.Write("own.npz", content());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<DataException>(() => new Npz(new NpzOptions("own.npz")).Load(folder.Folders)).Message;
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        Assert.StartsWith(folder["own.npz"], message);
        Assert.All(parts, part => Assert.Contains(part, message));
    }

    [Fact]
    public void A_missing_file_is_named_with_where_it_was_looked_for()
    {
        var message = Assert.Throws<DataException>(() => new Npz(new NpzOptions("none.npz")).Describe(folder.Folders)).Message;
        Assert.StartsWith("none.npz: it was not found. Looked at " + folder["none.npz"], message);
    }

    private static string Header(string descr, string shape) => $"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}";

    private static byte[] Whole() => NpyBytes.Zip(true, NpyBytes.Set([4]));

    private static byte[] With(string name, byte[] content) =>
        NpyBytes.Zip(true, [.. NpyBytes.Set([4]).Select(array => array.Name == name ? (name, content) : array)]);

    private static byte[] With(byte[] train, byte[] test) =>
        NpyBytes.Zip(
            true, [.. NpyBytes.Set([4]).Select(array => array.Name switch { "x_train" => ("x_train", train), "x_test" => ("x_test", test), _ => array })]);

    private static byte[] Flipped(byte[] zip)
    {
        zip[zip.AsSpan().IndexOf("'shape'"u8) + 90] ^= 4; // an element of x_train
        return zip;
    }

    // The central directory's record of what x_train unfolds to.
    private static byte[] Claiming(byte[] zip)
    {
        var entry = zip.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(entry + 24), 3_000_000_000);
        return zip;
    }
}
