using System.Reflection;
using Orchestrator.Abstractions;

namespace Orchestrator.Testing;

/// <summary>Which plugins have no contract suite among an assembly's tests.</summary>
public static class ContractCoverage
{
    /// <summary>
    /// The names of the plugins in <paramref name="plugins"/>, of the given kind, that no public
    /// suite in <paramref name="tests"/> creates.
    /// </summary>
    /// <typeparam name="TKind">A contract such as <see cref="IOptimizer"/>.</typeparam>
    public static IReadOnlyList<string> Missing<TKind>(Assembly plugins, Assembly tests) where TKind : class
    {
        var covered = tests.GetExportedTypes()
            .Where(type => !type.IsAbstract && typeof(IPluginContract).IsAssignableFrom(type) && type.GetConstructor([]) is not null)
            .Select(type => ((IPluginContract)Activator.CreateInstance(type)!).NewSubject().GetType())
            .ToHashSet();
        return
        [
            .. from type in plugins.GetTypes()
               let plugin = type.GetCustomAttribute<PluginAttribute>()
               where plugin is not null && typeof(TKind).IsAssignableFrom(type) && !covered.Contains(type)
               orderby plugin.Name
               select plugin.Name,
        ];
    }
}
