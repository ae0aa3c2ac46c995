using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// A file of CIFAR-10's binary form: records of one label byte, then 1,024 bytes each of red, green
/// and blue, row by row. No header.
/// </summary>
internal sealed class CifarFile : IDisposable
{
    public const int Side = 32;
    public const int ImageLength = 3 * Side * Side;
    public const int Classes = 10;

    private const int RecordLength = 1 + ImageLength;

    private readonly DataFile file;

    private CifarFile(DataFile file)
    {
        this.file = file;
        Count = (int)file.CountRecords(RecordLength);
        if (Count == 0)
        {
            throw file.Wrong(
                $"it holds {DataFile.Number(file.ContentLength)} bytes, which is not a whole number of records of {RecordLength} (a label and {ImageLength} pixels)");
        }
    }

    /// <summary>Records, by the file's length.</summary>
    public int Count { get; }

    public static CifarFile Open(string path)
    {
        var file = DataFile.Open(path);
        try
        {
            return new CifarFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads the first records, as many as <paramref name="labels"/> has room for.
    /// </summary>
    public void Read(Span<byte> pixels, Span<int> labels)
    {
        Span<byte> label = stackalloc byte[1];
        for (var record = 0; record < labels.Length; record++)
        {
            file.Read(label);
            if (label[0] >= Classes)
            {
                throw file.Wrong($"record {record} (counted from 0) has label {label[0]}; labels are 0 to {Classes - 1}");
            }

            labels[record] = label[0];
            file.Read(pixels.Slice(record * ImageLength, ImageLength));
        }

        if (labels.Length == Count)
        {
            file.ExpectEnd();
        }
    }

    public DataException Wrong(string what) => file.Wrong(what);

    public void Dispose() => file.Dispose();
}
