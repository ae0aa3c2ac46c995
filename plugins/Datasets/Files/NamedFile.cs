using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Finds a file or a folder that a pipeline names.</summary>
internal static class NamedFile
{
    /// <summary>
    /// The path: as it is where it is absolute, else in the first data folder that has it.
    /// </summary>
    /// <exception cref="DataException">No folder has it.</exception>
    public static string Find(string name, DataFolders folders)
    {
        string[] places = [.. folders.Roots.Select(root => Path.Combine(root, name)).Distinct(StringComparer.Ordinal)];
        return Array.Find(places, Path.Exists)
            ?? throw new DataException(
                $"{name}: it was not found. {(places.Length == 0 ? "There is no data folder to look in." : $"Looked at {string.Join(", ", places)}.")} "
                + "Paths that are not absolute start in the data folder (--data DIR, or ORCHESTRATOR_DATA, or ./data).");
    }

    /// <summary>
    /// The files of a name that may have a star in its last part, in the order of the alphabet.
    /// </summary>
    /// <exception cref="DataException">There is none.</exception>
    public static IReadOnlyList<string> FindAll(string name, DataFolders folders)
    {
        if (!Path.GetFileName(name).Contains('*', StringComparison.Ordinal))
        {
            return [Find(name, folders)];
        }

        var place = Find(Path.GetDirectoryName(name) is { Length: > 0 } folder ? folder : ".", folders);
        var found = Guard.Reading(place, () => Directory.GetFiles(place, Path.GetFileName(name)));
        Array.Sort(found, StringComparer.Ordinal);
        return found.Length > 0 ? found : throw new DataException($"{Path.Combine(place, Path.GetFileName(name))}: there is no such file");
    }
}
