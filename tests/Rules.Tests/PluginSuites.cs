using System.Reflection;
using Orchestrator.Abstractions;

namespace Orchestrator.Rules.Tests;

/// <summary>Finds plugins that no test class makes under its contract suite.</summary>
internal static class PluginSuites
{
    public static void Cover<TSuite>(Assembly plugins, Func<TSuite, object> create) where TSuite : class
    {
        var covered = typeof(PluginSuites).Assembly.GetTypes()
            .Where(type => type.IsPublic && !type.IsAbstract && type.IsSubclassOf(typeof(TSuite)))
            .Select(type => Made(type, create));
        var all = plugins.GetTypes().Where(type => type.GetCustomAttribute<PluginAttribute>() is not null).ToList();
        Assert.NotEmpty(all);
        Assert.Equal([], all.Except(covered).Select(type => type.Name));
    }

    private static Type Made<TSuite>(Type type, Func<TSuite, object> create)
    {
        var suite = (TSuite)Activator.CreateInstance(type)!;
        using var held = suite as IDisposable;
        return create(suite).GetType();
    }
}
