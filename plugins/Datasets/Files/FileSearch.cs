using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Looks for a dataset's files: in <c>root/name</c> (and other places by its name), then in the
/// root itself, root after root.
/// </summary>
internal sealed class FileSearch(string dataset, DataFolders folders, params string[] places)
{
    /// <summary>The folders to look in, in order, existing or not.</summary>
    public IReadOnlyList<string> Places { get; } =
        [.. folders.Roots.SelectMany(root => places.Select(place => Path.Combine(root, place)).Append(root)).Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// The path of the first of some names in a folder, each as it is or with <c>.gz</c>; null when
    /// there is none.
    /// </summary>
    public static string? Find(string folder, params IEnumerable<string> names)
    {
        var paths = names.SelectMany(name => new[] { name, name + ".gz" }).Select(name => Path.Combine(folder, name)).ToArray();

        // Some archives unpack into a folder named as the file inside: a folder is taken (and then
        // refused by name) only where there is no file.
        return Array.Find(paths, File.Exists) ?? Array.Find(paths, Path.Exists);
    }

    /// <summary>The error for files that are nowhere.</summary>
    /// <param name="partial">A folder that has some of them, and what it lacks; null when none
    /// has.</param>
    /// <param name="needed">What is needed, by official names.</param>
    public DataException Missing(string? partial, string needed) => new(
        $"{dataset}: {(partial is null ? "its files were not found." : $"some of its files were not found: {partial}.")} "
        + (Places.Count == 0 ? "There is no data folder to look in. " : $"Looked in {string.Join(", ", Places)}. ")
        + $"Needed, in one folder, as they are or with .gz: {needed}. "
        + $"Download them with `data get {dataset}`, or place them by hand in a folder {dataset} below the data folder (--data DIR, or ORCHESTRATOR_DATA, or ./data).");
}
