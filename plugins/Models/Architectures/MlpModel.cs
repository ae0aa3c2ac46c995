using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

[Description("Multi-layer perceptron over all inputs.")]
[Plugin("mlp")]
internal sealed class MlpModel(Mlp architecture) : NetworkModel(architecture);
