using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Orchestrator.Models.TorchSharp;

/// <summary>
/// Finds libtorch where it lies and loads it, once a process. It is half a gigabyte, so it is
/// neither copied nor hashed.
/// </summary>
internal static class LibTorch
{
    /// <summary>Names the folder with libtorch's libraries.</summary>
    public const string Variable = "ORCHESTRATOR_LIBTORCH";

    private const string PathFile = "libtorch.path";

    private static readonly Lazy<string?> Problem = new(Load);

    private static readonly string Folder = Path.GetDirectoryName(typeof(LibTorch).Assembly.Location)!;

    /// <summary>
    /// Why libtorch cannot be used here and what helps, in one sentence; null once it is loaded.
    /// </summary>
    public static string? WhyNot => Problem.Value;

    private static string? Load()
    {
        var places = Places();
        if (places.FirstOrDefault(Holds) is not { } folder)
        {
            return $"libtorch is not here: looked in {string.Join(", ", places)}. Build the program on this system, publish it with -p:LibTorch=true, or let {Variable} name its folder.";
        }

        var name = FileName("LibTorchSharp");
        if (new[] { Path.Combine(Folder, "runtimes", Runtime, "native", name), Path.Combine(Folder, name) }.FirstOrDefault(File.Exists) is not { } bridge)
        {
            return $"TorchSharp has no native library for {Runtime}; leave the backend out to use the managed kernels.";
        }

        if (OperatingSystem.IsLinux() && SymbolVersions.Missing(bridge) is { } missing)
        {
            return $"TorchSharp's native library needs {missing}, which this system's libstdc++.so.6 does not have: use a newer system (such as Debian 13 or Ubuntu 24.04), "
                + "or let LD_LIBRARY_PATH name the folder of a newer libstdc++.so.6, such as conda's.";
        }

        try
        {
            LoadFrom(folder, bridge);
            return null;
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            return $"libtorch in {folder} cannot be loaded: {failure.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static void LoadFrom(string folder, string bridge)
    {
        Allocator.KeepFreedMemory();
        foreach (var library in new[] { "c10", "torch_cpu", "torch_cuda", "torch" })
        {
            var path = Path.Combine(folder, FileName(library));
            if (File.Exists(path))
            {
                NativeLibrary.Load(path);
            }
        }

        var handle = NativeLibrary.Load(bridge);
        AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += (_, wanted) => wanted.Contains("LibTorchSharp", StringComparison.Ordinal) ? handle : 0;

        // One gradient is computed by one core; the cores are the workers' host's.
        torch.set_num_threads(1);
        torch.set_num_interop_threads(1);
    }

    private static List<string> Places()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return [named];
        }

        var built = Path.Combine(Folder, PathFile);
        List<string> places = [Path.Combine(AppContext.BaseDirectory, "libtorch")];
        return File.Exists(built) ? [.. places, File.ReadAllText(built).Trim()] : places;
    }

    private static bool Holds(string folder) => File.Exists(Path.Combine(folder, FileName("torch_cpu")));

    private static string Runtime => (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-")
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string FileName(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
}
