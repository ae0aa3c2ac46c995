using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Datasets.Tests;

/// <summary>Arrays as NumPy writes them.</summary>
internal static class NpyBytes
{
    public static byte[] Of<T>(string descr, int[] shape, ReadOnlySpan<T> elements, bool fortran = false, int version = 1) where T : unmanaged =>
        Raw(
            $"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")}), }}",
            MemoryMarshal.AsBytes(elements), version);

    public static byte[] Bytes(int[] shape, Func<int, int> element) =>
        Of<byte>("|u1", shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(i => (byte)element(i))]);

    public static byte[] Floats(int[] shape, Func<int, float> element) =>
        Of<float>("<f4", shape, [.. Enumerable.Range(0, shape.Aggregate(1, (a, b) => a * b)).Select(element)]);

    public static byte[] Labels(int count, Func<int, long> label) => Of<long>("<i8", [count], [.. Enumerable.Range(0, count).Select(label)]);

    /// <summary>Any text for a header.</summary>
    public static byte[] Raw(string header, ReadOnlySpan<byte> elements, int version = 1)
    {
        var before = version == 1 ? 10 : 12;
        var text = Encoding.UTF8.GetBytes(header.PadRight(((header.Length + before + 64) / 64 * 64) - before - 1) + "\n");
        var bytes = new byte[before];
        ((ReadOnlySpan<byte>)[0x93, .. "NUMPY"u8, (byte)version, 0]).CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)text.Length);
        return [.. bytes, .. text, .. elements];
    }

    public static byte[] Zip(bool deflated, params ReadOnlySpan<(string Name, byte[] Content)> arrays)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in arrays)
            {
                using var stream = archive.CreateEntry(name + ".npy", deflated ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
                stream.Write(content);
            }
        }

        return memory.ToArray();
    }

    /// <summary>
    /// Twelve training and six test samples of three classes, by their usual names.
    /// </summary>
    public static (string Name, byte[] Content)[] Set(int[] input, bool floats = false) =>
    [
        ("x_train", floats ? Floats([12, .. input], i => (i * 7 % 97) - 3.5f) : Bytes([12, .. input], i => i * 7)), ("y_train", Labels(12, i => i % 3)),
        ("x_test", floats ? Floats([6, .. input], i => i % 11) : Bytes([6, .. input], i => i * 5)), ("y_test", Labels(6, i => (i + 1) % 3)),
    ];
}
