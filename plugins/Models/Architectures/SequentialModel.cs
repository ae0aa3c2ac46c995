using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

[Description("A network written layer by layer in the pipeline.")]
[Plugin("sequential")]
internal sealed class SequentialModel(Sequential architecture) : NetworkModel(architecture);
