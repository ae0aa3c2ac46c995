using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// Four idx files under their official names. Counts and image size are those of the files'
/// headers, so smaller sets in the same form work too. One mean and one standard deviation, over
/// all training pixels in use, normalise every pixel.
/// </summary>
internal abstract class IdxDataset(string name, IReadOnlyList<string> classNames, ImageFileOptions options) : IDataset
{
    public abstract OfficialFiles Official { get; }

    public DatasetShape Describe(DataFolders folders)
    {
        var (train, test) = Open(folders);
        using (train)
        using (test)
        {
            return new DatasetShape([1, train.Height, train.Width], classNames, train.Count, test.Count);
        }
    }

    public ILoadedDataset Load(DataFolders folders)
    {
        var (train, test) = Open(folders);
        using (train)
        using (test)
        {
            return new ByteDataset([1, train.Height, train.Width], train.Read(), test.Read(), []);
        }
    }

    private (IdxPart Train, IdxPart Test) Open(DataFolders folders)
    {
        var paths = Find(folders);
        var train = new IdxPart(paths[0], paths[1], options.TrainLimit);
        try
        {
            var test = new IdxPart(paths[2], paths[3], options.TestLimit);
            return (test.Height, test.Width) == (train.Height, train.Width) ? (train, test) : throw Unequal(train, test, paths[0]);
        }
        catch
        {
            train.Dispose();
            throw;
        }
    }

    private static DataException Unequal(IdxPart train, IdxPart test, string trainPath)
    {
        using (test)
        {
            return test.Wrong($"its images are {test.Height}x{test.Width}; those of {trainPath} are {train.Height}x{train.Width}");
        }
    }

    private string[] Find(DataFolders folders)
    {
        var search = new FileSearch(name, folders, name);
        string? partial = null;
        foreach (var folder in search.Places)
        {
            var paths = IdxFiles.Names
                .Select(file => FileSearch.Find(folder, file, file.Replace("-idx", ".idx", StringComparison.Ordinal)))
                .ToArray();
            if (!paths.Contains(null))
            {
                return paths!;
            }

            if (partial is null && paths.Any(path => path is not null))
            {
                partial = $"{folder} lacks {string.Join(", ", IdxFiles.Names.Where((_, i) => paths[i] is null))}";
            }
        }

        throw search.Missing(partial, string.Join(", ", IdxFiles.Names));
    }
}
