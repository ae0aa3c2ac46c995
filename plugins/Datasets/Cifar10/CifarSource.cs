using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>The files that stand for CIFAR-10 in a folder.</summary>
/// <param name="Train">At least one.</param>
/// <param name="Test">The test file.</param>
/// <param name="Note">What is not as in the official set; null when nothing is.</param>
internal sealed record CifarSource(IReadOnlyList<string> Train, string Test, string? Note)
{
    public const string Official = "data_batch_1.bin to data_batch_5.bin (some of them do) and test_batch.bin";

    private static readonly string[] BatchNames = [.. Enumerable.Range(1, 5).Select(number => $"data_batch_{number}.bin")];

    /// <summary>
    /// The archive that the set is published in; its MD5, on the authors' page, is
    /// c32a1d4ab5d03f1284b67883e8d87530.
    /// </summary>
    public static readonly OfficialFiles Archive = new(
        "CIFAR-10, by Alex Krizhevsky, Vinod Nair and Geoffrey Hinton; no licence stated, citation asked for",
        [
            new OfficialFile(
                "cifar-10-binary.tar.gz",
                ["https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"],
                170_052_171,
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                [.. BatchNames.Append("test_batch.bin").Select(name => new ArchiveMember("cifar-10-batches-bin/" + name, 30_730_000))]),
        ]);

    /// <summary>
    /// The best that the folders have: the official set, else its test batch with some training
    /// batches, else one subset file of each part.
    /// </summary>
    public static CifarSource Find(DataFolders folders)
    {
        var search = new FileSearch("cifar10", folders, "cifar10", "cifar10/cifar-10-batches-bin", "cifar-10-batches-bin");
        var found = search.Places.Select(OfBatches).OfType<CifarSource>().ToArray();
        return Array.Find(found, source => source.Note is null)
            ?? found.FirstOrDefault()
            ?? search.Places.Select(OfSubset).OfType<CifarSource>().FirstOrDefault()
            ?? throw search.Missing(search.Places.Select(Lacking).FirstOrDefault(lack => lack is not null), Official);
    }

    private static CifarSource? OfBatches(string folder)
    {
        var train = Batches(folder);
        return train.Length == 0 || FileSearch.Find(folder, "test_batch.bin") is not { } test
            ? null
            : new CifarSource(train, test, train.Length == BatchNames.Length ? null : $"{folder} lacks {Absent(folder)}");
    }

    private static CifarSource? OfSubset(string folder) =>
        Subset(folder, "train") is { } train && Subset(folder, "test") is { } test
            ? new CifarSource([train], test, $"{train} and {test} are not the official batches")
            : null;

    private static string? Lacking(string folder) =>
        Batches(folder).Length > 0 ? $"{folder} lacks test_batch.bin"
        : FileSearch.Find(folder, "test_batch.bin") is not null ? $"{folder} lacks all of {string.Join(", ", BatchNames)}"
        : null;

    private static string[] Batches(string folder) => [.. BatchNames.Select(name => FileSearch.Find(folder, name)).OfType<string>()];

    private static string Absent(string folder) => string.Join(", ", BatchNames.Where(name => FileSearch.Find(folder, name) is null));

    // A subset says what it is in its name: cifar10-train10k.bin. Two of them would be a guess.
    private static string? Subset(string folder, string part)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var tolerant = new EnumerationOptions(); // passes over what cannot be listed
        string[] paths = [.. new[] { "bin", "bin.gz" }.SelectMany(end => Directory.EnumerateFiles(folder, $"cifar10-{part}*.{end}", tolerant))];
        return paths.Length <= 1
            ? paths.FirstOrDefault()
            : throw new DataException($"{folder}: {string.Join(" and ", paths.Select(Path.GetFileName).Order(StringComparer.Ordinal))} are both there; keep one");
    }
}
