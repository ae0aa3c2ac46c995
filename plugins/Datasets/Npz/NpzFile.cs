using System.IO.Compression;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>
/// An .npz file: a zip archive (stored or deflated) with one .npy file for each array. Every
/// failure is a <see cref="DataException"/> that begins with the path.
/// </summary>
internal sealed class NpzFile : IDisposable
{
    private const string Extension = ".npy";

    private readonly string path;
    private readonly ZipArchive archive;
    private readonly long length;

    private NpzFile(string path, FileStream file)
    {
        this.path = path;
        length = file.Length;
        archive = new ZipArchive(file, ZipArchiveMode.Read);
        Names = [.. archive.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(Extension, StringComparison.Ordinal)).Select(name => name[..^Extension.Length])];
    }

    /// <summary>The arrays that it has.</summary>
    public IReadOnlyList<string> Names { get; }

    public static NpzFile Open(string path) => Guard.Reading(path, () =>
    {
        var file = RegularFile.Open(path, bufferSize: 1 << 16);
        try
        {
            return new NpzFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    /// <summary>An array by its name, its header read and its length checked.</summary>
    /// <param name="name">Without .npy.</param>
    /// <param name="option">The option that names it.</param>
    public NpyArray Array(string name, string option)
    {
        if (archive.GetEntry(name + Extension) is not { } entry)
        {
            throw new DataException($"{path}: it has no array '{name}' ({option}); it has {(Names.Count == 0 ? "none" : Guard.Names(name, Names))}");
        }

        return new NpyArray($"{path}: {name}", entry, length);
    }

    public void Dispose() => archive.Dispose();
}
