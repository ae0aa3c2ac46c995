using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Orchestrator.Composition;

/// <summary>
/// One plugin folder's assemblies. The contracts and Numerics are the host's, so that types agree; everything else comes from the folder first and
/// from the framework second, so that two plugins can bring different versions of one library.
/// </summary>
internal sealed class PluginContext(string name, string folder) : AssemblyLoadContext(name)
{
    private readonly ConcurrentDictionary<string, AssemblyDependencyResolver> resolvers = [];
    private readonly ConcurrentDictionary<string, nint> libraries = [];

    /// <summary>A plugin assembly of the folder by file name.</summary>
    public Assembly Assembly(string file)
    {
        var path = Path.Combine(folder, file);
        resolvers.GetOrAdd(file, _ => new AssemblyDependencyResolver(path));
        return LoadFromAssemblyPath(path);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (Contracts.Shared.Contains(assemblyName.Name))
        {
            return SharedAssembly(assemblyName);
        }

        foreach (var resolver in resolvers.Values)
        {
            if (resolver.ResolveAssemblyToPath(assemblyName) is { } path)
            {
                return LoadFromAssemblyPath(path);
            }
        }

        var beside = Path.Combine(folder, assemblyName.Name + ".dll");
        return File.Exists(beside) ? LoadFromAssemblyPath(beside) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) => libraries.GetOrAdd(unmanagedDllName, LoadLibrary);

    /// <summary>Asking the default context for a higher version than it has would throw without saying so: look first, then compare.</summary>
    private static Assembly SharedAssembly(AssemblyName wanted)
    {
        var host = Default.LoadFromAssemblyName(new AssemblyName(wanted.Name!));
        var cause = wanted.Version is { } version && wanted.Name == Contracts.Name ? Contracts.Reject(version) : null;
        return cause is null ? host : throw new FileLoadException($"a library in the plugin's folder was {cause}");
    }

    private nint LoadLibrary(string library)
    {
        foreach (var resolver in resolvers.Values)
        {
            if (resolver.ResolveUnmanagedDllToPath(library) is { } path)
            {
                return LoadUnmanagedDllFromPath(path);
            }
        }

        var beside = Candidates(library).Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        return beside is null ? 0 : LoadUnmanagedDllFromPath(beside);
    }

    private static IEnumerable<string> Candidates(string library)
    {
        var ending = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        string[] names = [library, library + ending, $"lib{library}{ending}", $"lib{library}"];
        return names.Concat(names.Select(n => Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native", n)));
    }
}
