using System.IO.Compression;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Where a row of an array goes, by its number; an empty span where it is not wanted.
/// </summary>
internal delegate Span<T> RowPlace<T>(int row);

/// <summary>
/// One array of an .npz file. What it holds is known, and found to fit the archive, before a byte
/// of it is read; its checksum is compared when it is read to the end.
/// </summary>
internal sealed class NpyArray
{
    // Deflate's densest code: 258 bytes for two bits.
    private const int DensestDeflate = 1032;

    private readonly string where;
    private readonly ZipArchiveEntry entry;

    /// <param name="where">File and name, for messages.</param>
    /// <param name="entry">Its place in the archive.</param>
    /// <param name="archiveLength">Bytes of the archive.</param>
    public NpyArray(string where, ZipArchiveEntry entry, long archiveLength)
    {
        (this.where, this.entry) = (where, entry);
        if (entry.IsEncrypted)
        {
            throw Wrong("it is encrypted; arrays as NumPy writes them are not");
        }

        if (entry.CompressedLength > archiveLength || entry.Length > (DensestDeflate * Math.Max(0, entry.CompressedLength)) + DensestDeflate)
        {
            throw Wrong($"it claims {DataFile.Number(entry.Length)} bytes in {DataFile.Number(entry.CompressedLength)} of an archive of {DataFile.Number(archiveLength)}, which cannot be");
        }

        Header = Guard.Reading(where, () =>
        {
            using var stream = entry.Open();
            return NpyHeader.Read(stream);
        });
        var expected = Header.Length + (Header.Count * Header.Type.Size);
        if (expected != entry.Length)
        {
            throw Wrong($"{Header.Words} and its header make {DataFile.Number(expected)} bytes, but it has {DataFile.Number(entry.Length)}: it is {(expected > entry.Length ? "truncated" : "over-long")}, or its header is wrong");
        }

        if (entry.Length > DataFile.MostContent)
        {
            throw Wrong($"it holds {DataFile.Number(entry.Length)} bytes; at most {DataFile.Number(DataFile.MostContent)} are read from one array");
        }

        if (Header.Count == 0)
        {
            throw Wrong($"{Header.Words} has no elements");
        }
    }

    public NpyHeader Header { get; }

    /// <summary>File and name.</summary>
    public string Where => where;

    /// <summary>Samples: the first size.</summary>
    public int Rows => Header.Shape.Count == 0 ? 1 : Header.Shape[0];

    /// <summary>All elements as whole numbers, in the order of the file.</summary>
    public long[] Integers()
    {
        var values = new long[(int)Header.Count];
        Header.Type.ToIntegers(All(), values);
        return values;
    }

    /// <summary>Rows as bytes, in the order of <paramref name="axes"/>.</summary>
    public void Read(SampleAxes axes, RowPlace<byte> place) => Read(axes, static (_, raw, values) => raw.CopyTo(values), place);

    /// <summary>Rows as floats; every element is finite.</summary>
    public void Read(SampleAxes axes, RowPlace<float> place) => Read(axes, static (type, raw, values) => type.ToFloats(raw, values), place);

    public DataException Wrong(string what) => new($"{where}: {what}");

    private delegate void Conversion<T>(NpyType type, ReadOnlySpan<byte> raw, Span<T> values);

    private void Read<T>(SampleAxes axes, Conversion<T> convert, RowPlace<T> place) where T : unmanaged
    {
        var (rows, length, size) = (Rows, axes.Length, Header.Type.Size);

        // With the first index fastest the elements of a row lie all over the file.
        var whole = Header.IsFortran && rows > 1;
        using var source = whole ? null : new Source(this);
        var (raw, values) = whole ? (All(), new T[rows * length]) : (new byte[length * size], new T[length]);
        if (whole)
        {
            convert(Header.Type, raw, values);
        }

        for (var row = 0; row < rows; row++)
        {
            source?.Next(raw);
            var target = place(row);
            if (target.IsEmpty)
            {
                continue;
            }

            if (!whole)
            {
                convert(Header.Type, raw, values);
            }

            for (var i = 0; i < length; i++)
            {
                target[i] = whole ? values[row + (rows * axes[i])] : values[axes[i]];
            }

            if (typeof(T) == typeof(float) && MemoryMarshal.Cast<T, float>(target).IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) is >= 0 and var bad)
            {
                throw Wrong($"sample {row}, element {bad} (both counted from 0) is {target[bad]}; finite numbers are needed");
            }
        }

        source?.ExpectEnd();
    }

    private byte[] All()
    {
        using var source = new Source(this);
        var raw = new byte[(int)(entry.Length - Header.Length)];
        source.Next(raw);
        source.ExpectEnd();
        return raw;
    }

    /// <summary>The elements, front to back.</summary>
    private sealed class Source : IDisposable
    {
        private readonly NpyArray array;
        private readonly Stream stream;
        private readonly Crc32 checksum = new();

        public Source(NpyArray array)
        {
            this.array = array;
            stream = Guard.Reading(array.where, array.entry.Open);
            Read(new byte[array.Header.Length]);
        }

        /// <summary>The next bytes, elements in this machine's byte order.</summary>
        public void Next(byte[] raw)
        {
            Read(raw);
            array.Header.Type.Order(raw);
        }

        public void ExpectEnd()
        {
            if (Guard.Reading(array.where, () => stream.ReadByte()) >= 0)
            {
                throw array.Wrong("it is over-long: it goes on where it should end");
            }

            if (checksum.GetCurrentHashAsUInt32() != array.entry.Crc32)
            {
                throw array.Wrong("it is damaged: its checksum is not the one that the archive records");
            }
        }

        public void Dispose() => stream.Dispose();

        private void Read(byte[] raw)
        {
            Guard.Reading(array.where, () =>
            {
                stream.ReadExactly(raw);
                return raw;
            });
            checksum.Append(raw);
        }
    }
}
