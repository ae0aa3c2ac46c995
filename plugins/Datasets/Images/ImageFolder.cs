using System.ComponentModel;
using System.Text;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Images in folders by class, resized to one size and kept as bytes. Folders are listed to
/// describe the data; files are decoded, on all cores, when it is loaded.
/// </summary>
[Description("Images in folders by class: train/CLASS/*.png, or .jpg.")]
[Plugin("image-folder")]
internal sealed class ImageFolder(ImageFolderOptions options) : IDataset
{
    public DatasetShape Describe(DataFolders folders) => List(folders).Shape;

    public ILoadedDataset Load(DataFolders folders)
    {
        var source = List(folders);
        var target = new RowTarget<byte>(source.Shape);
        var wanted = new List<(string Path, bool IsTest, int Row)>();
        foreach (var (path, label, isTest) in source.Files.Where(file => !target.IsPartFull(file.IsTest)))
        {
            var group = isTest || options.GroupSeparator is null ? 0 : source.Groups.Of(Encoding.UTF8.GetBytes(GroupOf(path)));
            wanted.Add((path, isTest, target.Place(isTest, new Answer(label) { Group = group })));
        }

        Decode(wanted, target);
        var notes = source.PassedOver == 0 ? (string[])[] : [$"image-folder: {DataFile.Number(source.PassedOver)} files that are no .png, .jpg or .jpeg are passed over"];
        return new ByteDataset(source.Shape.Input, target.TrainImages(), target.TestImages(), notes, options.Normalize);
    }

    private void Decode(List<(string Path, bool IsTest, int Row)> files, RowTarget<byte> target)
    {
        var decoder = new ImageDecoder(options.Channels, options.Height, options.Width);
        Together.Run(files.Count, i =>
        {
            var (path, isTest, row) = files[i];
            decoder.Decode(path, Guard.Reading(path, () => RegularFile.ReadAllBytes(path, ImageDecoder.LongestFile)), target.Row(isTest, row));
        });
    }

    // The start of a file's name.
    private string GroupOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.IndexOf(options.GroupSeparator!, StringComparison.Ordinal) is > 0 and var end
            ? name[..end]
            : throw new DataException($"{path}: its name has no group that '{Guard.Plain(options.GroupSeparator!)}' (groupSeparator) ends");
    }

    private LabelSet Groups(IEnumerable<string> paths)
    {
        var groups = LabelSet.OfGroups();
        foreach (var path in options.GroupSeparator is null ? [] : paths)
        {
            if (groups.Meet(Encoding.UTF8.GetBytes(GroupOf(path))) is { } mistake)
            {
                throw new DataException($"{path}: {mistake}");
            }
        }

        return groups;
    }

    private Source List(DataFolders folders)
    {
        if (options.GroupSeparator is "")
        {
            throw new OptionException("groupSeparator", "is empty; a character such as _ is needed");
        }

        LabelNames.Check(options.ClassNames);
        if (options.Channels == 2)
        {
            throw new OptionException("channels", "is 2; 1 (grey) and 3 (red, green, blue) are allowed");
        }

        var folder = NamedFile.Find(options.Folder, folders);
        var (trainFolder, testFolder) = options.TestShare is null ? (Path.Combine(folder, "train"), Path.Combine(folder, "test")) : (folder, null);
        foreach (var part in new[] { trainFolder, testFolder })
        {
            if (part is not null && !Directory.Exists(part))
            {
                throw new DataException($"{part}: there is no such folder; train and test folders are needed, or testShare, which draws the test part from one folder");
            }
        }

        var classes = options.ClassNames ?? ImageList.Classes(trainFolder);
        var train = ImageList.Of(trainFolder, classes);
        var test = testFolder is null ? null : ImageList.Of(testFolder, classes);
        var drawn = options.TestShare is { } share ? RowSplit.Drawn(folder, train.Paths.Count, share, options.SplitSeed, options.TrainLimit, options.TestLimit) : null;
        var (trainCount, testCount) = drawn is null
            ? (Math.Min(train.Paths.Count, options.TrainLimit ?? int.MaxValue), Math.Min(test!.Paths.Count, options.TestLimit ?? int.MaxValue))
            : (drawn.TrainCount, drawn.TestCount);
        int[] input = [options.Channels, options.Height, options.Width];
        RowTarget<byte>.Check(folder, trainCount, testCount, input);
        var groups = Groups(train.Paths);
        var shape = new DatasetShape(input, classes, trainCount, testCount)
        {
            GroupNames = groups.Names,
            Bytes = (((long)trainCount + testCount) * ((options.Channels * options.Height * options.Width) + sizeof(int))) + (options.GroupSeparator is null ? 0 : sizeof(int) * (long)trainCount),
        };
        return new Source(
            shape,
            groups,
            [.. train.Paths.Select((path, i) => (path, train.Labels[i], drawn?.IsTest(i) ?? false)), .. test?.Paths.Select((path, i) => (path, test.Labels[i], true)) ?? []],
            train.PassedOver + (test?.PassedOver ?? 0));
    }

    private sealed record Source(DatasetShape Shape, LabelSet Groups, IReadOnlyList<(string Path, int Label, bool IsTest)> Files, int PassedOver);
}
