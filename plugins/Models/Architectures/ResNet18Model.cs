using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

[Description("ResNet-18 in the form common for CIFAR, 11.2 million parameters.")]
[Plugin("resnet18")]
internal sealed class ResNet18Model(ResNet18 architecture) : NetworkModel(architecture);
