import { dirname, resolve } from 'node:path'
import * as z from 'zod/mini'
import type { Diagnostic, Place, SettingOrigin } from '../domain/settings.ts'
import type { TextFile } from './compose-files.ts'
import { parseDurationMs } from './duration.ts'
import { diagnoseIssues } from './file-diagnostics.ts'
import type { Common, Layer } from './layer.ts'
import { UPGRADE_FILE, type UpgradeFile } from './schema.ts'
import { showPath } from './wording.ts'
import { type KeyPath, readYaml, type YamlSource } from './yaml-source.ts'

/** upgrade.yaml as read: what of it is valid, and what the other sources may override. */
export type FileLayer = Layer & {
  written: UpgradeFile
  /** Where a setting stands in the file; undefined: there is no file. */
  place: (...at: Parameters<YamlSource['place']>) => Place | undefined
}

/**
 * Reads upgrade.yaml. This module is the only door to `yaml` and `zod`, which cost most of a fast command's
 * time: it is imported only where there is a file to read.
 */
export function readUpgradeFile(file: TextFile): FileLayer {
  const source = readYaml(file)
  const value = source.value ?? {}
  const parsed = z.safeParse(UPGRADE_FILE, value)
  const diagnostics = parsed.success ? [] : diagnose(parsed.error.issues, source)
  const written = parsed.success ? parsed.data : soundPart(value, parsed.error.issues)
  return {
    written,
    values: commonOf(written, dirname(file.path)),
    get origins() {
      return Object.fromEntries(leaves(written, []).map((path) => [showPath(path), originOf(path)]))
    },
    diagnostics: [...source.diagnostics, ...diagnostics],
    place: source.place,
  }

  function originOf(path: KeyPath): SettingOrigin {
    return { from: 'file', file: file.path, line: source.place(path, 'key').line }
  }
}

function diagnose(issues: readonly z.core.$ZodIssue[], source: YamlSource): Diagnostic[] {
  return diagnoseIssues({ issues, source, schema: UPGRADE_FILE })
}

// What stands beside a mistake is still judged together with the other sources, so that all is told at once.
function soundPart(value: unknown, issues: readonly z.core.$ZodIssue[]): UpgradeFile {
  if (typeof value !== 'object' || value === null) return {}
  const faulty = new Set(issues.flatMap((issue) => issue.path.slice(0, 1)))
  const known = Object.entries(value).filter(([key]) => Object.hasOwn(UPGRADE_FILE.shape, key))
  const sound = z.safeParse(UPGRADE_FILE, Object.fromEntries(known.filter(([key]) => !faulty.has(key))))
  return sound.success ? sound.data : {}
}

function commonOf(written: UpgradeFile, directory: string): Partial<Common> {
  const { app, deployments, rollback_limit, auto_switch, auto_cleanup, health, proxy } = written
  return withoutUndefined({
    app,
    deployments: deployments && resolve(directory, deployments),
    rollback_limit,
    auto_switch,
    auto_cleanup,
    'health.timeout': msOf(health?.timeout),
    'health.interval': msOf(health?.interval),
    'proxy.image': proxy?.image,
    'proxy.preview_port': proxy?.preview_port,
    'proxy.management_port': proxy?.management_port,
  })
}

function msOf(written: number | string | undefined): number | undefined {
  return written === undefined ? undefined : parseDurationMs(written)
}

function withoutUndefined(values: { [K in keyof Common]: Common[K] | undefined }): Partial<Common> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function leaves(value: unknown, path: KeyPath): KeyPath[] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return entries.flatMap(([key, below]) => leaves(below, [...path, key]))
}
