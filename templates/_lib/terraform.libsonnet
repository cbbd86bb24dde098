// Root modules of Terraform as JSON: facts/terraform/roots.py says what is in them.
{
  main(root):: {
    '//': 'What is applied after what: README.md of the environment. Values: terraform.tfvars.json, which Terraform reads by itself.',
    terraform: { required_version: root.required, required_providers: root.pins, backend: root.backend },
    provider: root.providers,
    module: root.modules,
    // What the modules tell, for people and for scripts: no manifest needs it.
    output: { [name]: { value: '${module.%s}' % name } for name in std.objectFields(root.modules) },
  },

  // Variables that no module declares as they are: one object for each call.
  variables(root):: { variable: root.declarations },
}
