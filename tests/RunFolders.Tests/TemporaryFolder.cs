namespace Orchestrator.RunFolders.Tests;

/// <param name="inMemory">Many small files: in memory where the system has such a place.</param>
internal sealed class TemporaryFolder(bool inMemory = false) : IDisposable
{
    private const string MemoryRoot = "/dev/shm";

    public string Path { get; } = Create(inMemory && Directory.Exists(MemoryRoot) ? MemoryRoot : System.IO.Path.GetTempPath());

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }

    private static string Create(string parent) =>
        Directory.CreateDirectory(System.IO.Path.Combine(parent, $"orchestrator-results-{Guid.NewGuid():N}")).FullName;
}
