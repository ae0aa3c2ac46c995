using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins.Loader;

namespace Orchestrator.Composition;

/// <summary>
/// One plugin folder's assemblies, in a load context of McMaster.NETCore.Plugins. The contracts,
/// Numerics and Networks are the host's, so that types agree; everything else comes from the folder
/// first and from the framework second, so that two plugins can bring different versions of one
/// library.
/// </summary>
/// <remarks>
/// The builder is used, not <c>PluginLoader</c> around it: that one reads every
/// <c>runtimeconfig.json</c> for folders to search, which takes 120 ms of each start and would let
/// a file outside the folder say what is loaded.
/// </remarks>
internal sealed class PluginContext
{
    private readonly string folder;
    private readonly AssemblyLoadContext context;
    private readonly ConcurrentDictionary<string, AssemblyDependencyResolver> others = [];
    private readonly ConcurrentDictionary<string, nint> libraries = [];

    /// <param name="folder">A copy of the plugin's folder, without the contracts' own
    /// files.</param>
    /// <param name="main">File name of the assembly whose <c>deps.json</c> says where libraries
    /// lie.</param>
    public PluginContext(string folder, string main)
    {
        this.folder = folder;
        var builder = new AssemblyLoadContextBuilder().SetMainAssemblyPath(Path.Combine(folder, main)).IsLazyLoaded(true);
        foreach (var shared in Contracts.Shared)
        {
            builder.PreferDefaultLoadContextAssembly(new AssemblyName(shared));
        }

        // What the contracts refer to would come from the host as well; a library that the plugin
        // brings is its own.
        foreach (var brought in Directory.EnumerateFiles(folder, "*.dll").Select(f => Path.GetFileNameWithoutExtension(f)).Where(f => !Framework.Has(f)))
        {
            builder.PreferLoadContextAssembly(new AssemblyName { Name = brought });
        }

        context = builder.Build();
        context.Resolving += (_, name) => Resolved(r => r.ResolveAssemblyToPath(name)) is { } path ? context.LoadFromAssemblyPath(path) : null;
        context.ResolvingUnmanagedDll += (_, name) => libraries.GetOrAdd(name, LoadLibrary);
    }

    /// <summary>A plugin assembly of the folder by file name.</summary>
    public Assembly Assembly(string file)
    {
        var path = Path.Combine(folder, file);
        others.GetOrAdd(file, _ => new AssemblyDependencyResolver(path));
        return context.LoadFromAssemblyPath(path);
    }

    // The context itself asks the main assembly's deps.json; a folder may hold several plugin
    // assemblies, each with its own.
    private string? Resolved(Func<AssemblyDependencyResolver, string?> ask) => others.Values.Select(ask).FirstOrDefault(path => path is not null);

    private nint LoadLibrary(string library)
    {
        var path = Resolved(r => r.ResolveUnmanagedDllToPath(library)) ?? Candidates(library).Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        return path is null ? 0 : NativeLibrary.Load(path);
    }

    private static IEnumerable<string> Candidates(string library)
    {
        var ending = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        string[] names = [library, library + ending, $"lib{library}{ending}", $"lib{library}"];
        return names.Concat(names.Select(n => Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native", n)));
    }
}
