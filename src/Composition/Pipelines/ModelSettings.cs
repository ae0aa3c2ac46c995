using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Composition;

/// <summary>The model, and what every model section has.</summary>
public sealed record ModelSettings(
    PluginSection Model,
    [Section(PluginKind.Backend)][Description("What computes a network (lenet5, sequential, ...); absent: the managed kernels.")] PluginSection? Backend = null)
{
    /// <summary>The model's name, e.g. <c>lenet5</c>.</summary>
    public string Name => Model.Name;

    /// <summary>A new objective for data of a shape, by the backend where there is one.</summary>
    /// <exception cref="OptionException">The model does not fit the data, or the backend cannot
    /// compute it here; a pipeline that loaded has none such.</exception>
    public IObjective Build(DatasetShape data) => Backend is null
        ? Model.Create<IModel>().Build(data)
        : Backend.Create<INetworkBackend>().Build(Model.Create<INetworkModel>().Describe(data));
}
