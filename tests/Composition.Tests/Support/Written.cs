using System.Diagnostics;

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
    public string Plugin(string fixture, string name) => Copy(Shipped.Fixture(fixture), name);

    /// <summary>A copy of a folder's files.</summary>
    public string Copy(string folder, string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            System.IO.File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return target;
    }

    /// <summary>A named pipe that nobody writes to.</summary>
    public string Pipe(string name)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }

    /// <summary>
    /// Moves the folder away before it is deleted: a loader may still be writing down, in the
    /// background, what it knows of a copy.
    /// </summary>
    public void Dispose()
    {
        var aside = Folder + ".gone";
        Directory.Move(Folder, aside);
        Directory.Delete(aside, recursive: true);
    }
}
