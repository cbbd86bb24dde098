// One panel for each metric that services export; the same numbers that releases are judged by.
local compose = import '../../../../_lib/compose.libsonnet';

function(envs)
  local platform = compose.platform(envs);
  if platform == null then null else {
    uid: 'services',
    title: platform.project,
    schemaVersion: 39,
    editable: false,
    refresh: '10s',
    time: { from: 'now-15m', to: 'now' },
    panels: [
      local panel = platform.monitoring.panels[index];
      {
        id: index + 1,
        type: 'timeseries',
        title: panel.title,
        datasource: { type: 'prometheus', uid: 'prometheus' },
        gridPos: { h: 8, w: 12, x: 12 * (index % 2), y: 8 * std.floor(index / 2) },
        fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
        targets: [{ refId: 'A', expr: panel.query, legendFormat: '{{service}}' }],
      }
      for index in std.range(0, std.length(platform.monitoring.panels) - 1)
    ],
  }
