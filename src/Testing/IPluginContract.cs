namespace Orchestrator.Testing;

/// <summary>A contract suite as <see cref="ContractCoverage"/> sees it.</summary>
public interface IPluginContract
{
    /// <summary>A fresh instance of the plugin that the suite is about.</summary>
    object NewSubject();
}
