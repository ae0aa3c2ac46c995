namespace Orchestrator.Composition.Tests;

/// <summary>A folder of files that lives as long as a test.</summary>
internal sealed class Written : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("orchestrator-tests-").FullName;

    public string File(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public string Bytes(string name, byte[] content)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>A copy of a fixture's plugin folder.</summary>
    public string Plugin(string fixture, string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Shipped.Fixture(fixture)))
        {
            System.IO.File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return target;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
