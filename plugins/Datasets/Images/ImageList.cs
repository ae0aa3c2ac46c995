using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// The images of a folder of folders, one for each class; by turns from every class, each in the
/// order of the names.
/// </summary>
/// <param name="Paths">The files.</param>
/// <param name="Labels">The class of each.</param>
/// <param name="PassedOver">Files that are none.</param>
internal sealed record ImageList(IReadOnlyList<string> Paths, IReadOnlyList<int> Labels, int PassedOver)
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    /// <summary>The classes that a folder has, in the order of the alphabet.</summary>
    public static IReadOnlyList<string> Classes(string folder)
    {
        var names = Guard.Reading(folder, () => Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)!).Where(name => name[0] != '.').Order(StringComparer.Ordinal).ToArray());
        return names.Length is > 0 and <= LabelNames.MostClasses
            ? names
            : throw new DataException($"{folder}: it has {DataFile.Number(names.Length)} folders; one for each class is needed, at least 1 and at most {DataFile.Number(LabelNames.MostClasses)}");
    }

    public static ImageList Of(string folder, IReadOnlyList<string> classes)
    {
        foreach (var name in Classes(folder))
        {
            if (!classes.Contains(name, StringComparer.Ordinal))
            {
                throw new DataException($"{Path.Combine(folder, Guard.Plain(name))}: it is the folder of no class; the classes are {string.Join(", ", classes.Take(20).Select(Guard.Plain))}{(classes.Count > 20 ? ", ..." : "")}");
            }
        }

        var passedOver = 0;
        var files = classes.Select(name => Path.Combine(folder, name)).Select(path => Directory.Exists(path) ? Files(path, ref passedOver) : []).ToArray();
        var all = files.SelectMany((paths, label) => paths.Select((path, number) => (path, label, number))).OrderBy(file => file.number).ThenBy(file => file.label).ToList();
        return all.Count switch
        {
            0 => throw new DataException($"{folder}: the folders of its classes hold no file whose name ends in {string.Join(", ", Extensions)}"),
            > RowTarget<byte>.MostSamples => throw new DataException($"{folder}: it has {DataFile.Number(all.Count)} images; at most {DataFile.Number(RowTarget<byte>.MostSamples)} are read"),
            _ => new ImageList([.. all.Select(file => file.path)], [.. all.Select(file => file.label)], passedOver),
        };
    }

    private static List<string> Files(string folder, ref int passedOver)
    {
        var images = new List<string>();
        foreach (var path in Guard.Reading(folder, () => Directory.GetFiles(folder)))
        {
            if (Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            {
                images.Add(path);
            }
            else
            {
                passedOver++;
            }
        }

        images.Sort(StringComparer.Ordinal);
        return images;
    }
}
