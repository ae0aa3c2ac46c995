using Orchestrator.Abstractions;
using Orchestrator.Composition;

namespace Orchestrator.Runs;

/// <summary>The transport within the run's own process.</summary>
internal static class OwnTransport
{
    public const string Name = "in-process";

    public static ITransport Create(PluginCatalog catalog) => catalog.Create<ITransport>(
        catalog.Find(PluginKind.Transport, Name) ?? throw new RunRefusedException($"the transport '{Name}' is missing; it belongs to the program's own plugins."));
}
