using System.Globalization;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders;

/// <summary>Parameters that a run kept on its way: <c>snapshots/VERSION.safetensors</c>.</summary>
public static class SnapshotFiles
{
    private const string FolderName = "snapshots";

    /// <summary>Keeps the parameters of a version, whole or not at all.</summary>
    /// <exception cref="RecorderException">The file cannot be written.</exception>
    public static void Write(string folder, long version, ParameterLayout layout, ReadOnlySpan<float> parameters, ReadOnlySpan<float> buffers)
    {
        var path = Path.Combine(folder, FolderName, version.ToString("D12", CultureInfo.InvariantCulture) + ".safetensors");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, FolderName));
        }
        catch (Exception refused) when (RecorderException.IsRefusal(refused))
        {
            throw new RecorderException(path, refused);
        }

        Safetensors.Write(path, layout, parameters, buffers);
    }

    /// <summary>
    /// Removes those of versions that a run which goes on from an earlier one reaches anew.
    /// </summary>
    /// <exception cref="RecorderException">A file cannot be removed.</exception>
    internal static void RemoveBeyond(string folder, long version)
    {
        try
        {
            foreach (var (_, path) in In(folder).Where(snapshot => snapshot.Version > version))
            {
                File.Delete(path);
            }
        }
        catch (Exception refused) when (RecorderException.IsRefusal(refused))
        {
            throw new RecorderException(Path.Combine(folder, FolderName), refused);
        }
    }

    /// <summary>Those that a run's folder has, by version.</summary>
    public static IReadOnlyList<(long Version, string Path)> In(string folder)
    {
        var snapshots = Path.Combine(folder, FolderName);
        return !Directory.Exists(snapshots)
            ? []
            : [.. Directory.EnumerateFiles(snapshots, "*.safetensors")
                .Select(path => (long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1, path))
                .Where(snapshot => snapshot.Item1 >= 0).Order()];
    }
}
