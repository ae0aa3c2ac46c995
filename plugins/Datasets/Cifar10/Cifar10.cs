using System.ComponentModel;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// CIFAR-10 in its binary form: 50,000 training and 10,000 test images, 3x32x32 (red, green, blue).
/// Krizhevsky: Learning multiple layers of features from tiny images, 2009. Each channel is
/// normalised by its own mean and standard deviation over all training pixels in use. Some training
/// batches are enough; the notes say which are absent.
/// </summary>
[Description("CIFAR-10 in its binary form: 60,000 colour images, 32x32, ten classes.")]
[Plugin("cifar10")]
internal sealed class Cifar10(Cifar10Options options) : IDataset
{
    private const int OfficialTrain = 50_000;
    private const int OfficialTest = 10_000;

    private static readonly string[] ClassNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    private int[] Input => [3, options.Crop ?? CifarFile.Side, options.Crop ?? CifarFile.Side];

    public OfficialFiles Official => CifarSource.Archive;

    public DatasetShape Describe(DataFolders folders)
    {
        var source = CifarSource.Find(folders);
        return new DatasetShape(Input, ClassNames, Counts(source.Train, options.TrainLimit).Sum(), Counts([source.Test], options.TestLimit).Sum());
    }

    public ILoadedDataset Load(DataFolders folders)
    {
        var source = CifarSource.Find(folders);
        var (train, test) = (Read(source.Train, options.TrainLimit), Read([source.Test], options.TestLimit));
        return new ByteDataset(Input, train, test, [.. Notes(source, train.Labels.Length, test.Labels.Length)]);
    }

    private static IEnumerable<string> Notes(CifarSource source, int train, int test)
    {
        if (source.Note is { } note)
        {
            yield return $"cifar10: {note}: {DataFile.Number(train)} training and {DataFile.Number(test)} test images are used, "
                + $"of the official {DataFile.Number(OfficialTrain)} and {DataFile.Number(OfficialTest)}";
        }
    }

    private RawImages Read(IReadOnlyList<string> paths, int? limit)
    {
        var counts = Counts(paths, limit);
        var images = new RawImages(new byte[counts.Sum() * CifarFile.ImageLength], new int[counts.Sum()]);
        for (int i = 0, start = 0; i < counts.Length; start += counts[i], i++)
        {
            using var file = CifarFile.Open(paths[i]);
            file.Read(images.Pixels.AsSpan(start * CifarFile.ImageLength), images.Labels.AsSpan(start, counts[i]));
        }

        return options.Crop is { } side ? new RawImages(Middle(images.Pixels, side), images.Labels) : images;
    }

    // Line by line: three colours of each image, each of so many lines.
    private static byte[] Middle(byte[] pixels, int side)
    {
        var before = (CifarFile.Side - side) / 2;
        var cropped = new byte[pixels.Length / (CifarFile.Side * CifarFile.Side) * side * side];
        for (var line = 0; line < cropped.Length / side; line++)
        {
            var from = (((line / side * CifarFile.Side) + before + (line % side)) * CifarFile.Side) + before;
            pixels.AsSpan(from, side).CopyTo(cropped.AsSpan(line * side));
        }

        return cropped;
    }

    // Records to use of each file.
    private static int[] Counts(IReadOnlyList<string> paths, int? limit)
    {
        var counts = new int[paths.Count];
        var left = limit ?? int.MaxValue;
        var length = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            using var file = CifarFile.Open(paths[i]);
            counts[i] = Math.Min(left, file.Count);
            left -= counts[i];
            length += (long)counts[i] * CifarFile.ImageLength;
            if (length > DataFile.MostContent)
            {
                throw file.Wrong($"it brings the set to {DataFile.Number(length)} bytes of pixels; at most {DataFile.Number(DataFile.MostContent)} are read");
            }
        }

        return counts;
    }
}
